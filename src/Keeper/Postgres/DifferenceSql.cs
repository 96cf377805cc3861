using System.Globalization;

namespace SchemaIsolation.Keeper.Postgres;

/// <summary>SQL that reads rows as text, to be shown to people.</summary>
/// <remarks>The search path is a test's, as in <see cref="ResetSql"/>.</remarks>
internal static class DifferenceSql
{
    /// <summary>The columns of a table, quoted, and whether each is part of its primary key.</summary>
    public static string ListColumns(uint table)
        => string.Create(CultureInfo.InvariantCulture, $"""
        select pg_catalog.quote_ident(a.attname), coalesce(a.attnum = any (i.indkey), false)
        from pg_catalog.pg_attribute a left join pg_catalog.pg_index i on i.indrelid = a.attrelid and i.indisprimary
        where a.attrelid = '{table}' and a.attnum > '0' and not a.attisdropped
        order by a.attnum
        """);

    /// <summary>One array a row.</summary>
    public static string ReadRows(string table, IEnumerable<string> columns, int most)
        => string.Create(CultureInfo.InvariantCulture, $"select array[{string.Join(", ", columns.Select(column => $"si.{column}::text"))}]::text[] from only {table} si limit {most}");
}
