using Npgsql;
using SchemaIsolation.Keeper.Postgres;

namespace SchemaIsolation.Tests.PostgreSql.Resets;

/// <summary>All that two databases can be compared by, read without any knowledge of how a reset looks for changes.</summary>
internal static class DatabaseReading
{
    /// <summary>Columns that say where something lies, or when, and rows that are not the database's own.</summary>
    private static readonly (string Catalogue, string[] Columns, string Rows)[] Exceptions =
    [
        // Files get new numbers when a table is rewritten. "relhas…" are hints: the server keeps them when the last index, trigger, rule or child is gone.
        // How far ids are frozen moves with every vacuum. Of an index and the server's own catalogues the figures are the last vacuum's, and nobody's test changes them on purpose.
        ("pg_class",
            ["relfilenode", "relfrozenxid", "relminmxid", "relhasindex", "relhasrules", "relhastriggers", "relhassubclass", "relpages", "reltuples", "relallvisible", "relallfrozen"],
            "relname !~ '^pg_toast_temp'"),

        // It keeps a younger index from older snapshots, and is taken back by the next rebuild.
        ("pg_index", ["indcheckxmin"], "true"),

        // A session that once had a temporary table leaves the schema, empty, for the next.
        ("pg_namespace", [], "nspname !~ '^pg_(toast_)?temp_'"),

        // What an unqualified ANALYZE has found out about the server's catalogues.
        ("pg_statistic", [], "starelid >= 16384"),
    ];

    private const string PhysicalFigures =
        """
        select string_agg(row(c.oid, c.relpages, c.reltuples, c.relallvisible, pg_relation_size(c.oid), case when c.reltoastrelid <> 0 then pg_relation_size(c.reltoastrelid) end,
            case when pg_relation_size(c.oid) > 0 then (select array_agg(pg_relation_size(indexrelid) order by indexrelid) from pg_index where indrelid = c.oid) end)::text, E'\n' order by c.oid)
        from pg_class c where c.oid >= 16384 and c.relkind in ('r', 'm') and c.relnamespace <> 'pg_toast'::regnamespace and relpersistence <> 't'
        """;

    // Its name and id differ of necessity, and the vacuum moves the ids that are frozen.
    private const string OfDatabase =
        """
        select row(datdba, encoding, datcollate, datctype, datistemplate, datallowconn, datconnlimit, dattablespace, datacl, shobj_description(oid, 'pg_database'),
            (select array_agg(row(setrole, setconfig)::text order by setrole) from pg_db_role_setting where setdatabase = d.oid))::text
        from pg_database d where datname = current_database()
        """;

    private const string ListRelations =
        """
        select c.oid::regclass::text, case when c.relkind in ('r', 'm', 'p') then 'ctid, tableoid, *' else '*' end
        from pg_class c join pg_namespace n on n.oid = c.relnamespace
        where c.oid >= 16384 and c.relkind in ('r', 'm', 'S', 'p', 'v') and c.relpersistence <> 't' and c.relispopulated and n.nspname <> 'pg_toast' order by 1
        """;

    private const string ListCatalogues =
        """
        select c.relname::text, string_agg(quote_ident(a.attname), ', ' order by a.attnum)
        from pg_class c join pg_attribute a on a.attrelid = c.oid
        where c.relnamespace = 'pg_catalog'::regnamespace and c.relkind = 'r' and not c.relisshared and a.attnum > 0 and has_table_privilege(c.oid, 'select')
        group by 1 order by 1
        """;

    /// <summary>Every row of every table where it lies, in the order in which a SELECT finds it, and every sequence.</summary>
    /// <param name="connection">To the database.</param>
    /// <param name="withLogCount">Whether also to read how many values a sequence has written ahead to the server's log: after new work that depends on its checkpoints.</param>
    public static async Task<IReadOnlyDictionary<string, string>> ReadRowsAsync(NpgsqlConnection connection, bool withLogCount = true)
    {
        var relations = await ReadPairsAsync(connection, withLogCount ? ListRelations : ListRelations.Replace("else '*'", "when c.relkind = 'S' then 'last_value, is_called' else '*'", StringComparison.Ordinal));
        return await ReadAllAsync(connection, relations.ToDictionary(
            relation => relation.Name, relation => $"select string_agg(t::text, E'\\n') from (select {relation.Columns} from {relation.Name}) t", StringComparer.Ordinal));
    }

    /// <summary>Every row of every catalogue, as a hash each, and what the planner and the disk know of each table.</summary>
    public static async Task<IReadOnlyDictionary<string, string>> ReadDefinitionsAsync(NpgsqlConnection connection)
    {
        var queries = (await ReadPairsAsync(connection, ListCatalogues)).ToDictionary(
            catalogue => catalogue.Name,
            catalogue => $"select sum(hashtextextended({CatalogueRow(catalogue.Name, catalogue.Columns)}, 0)::numeric)::text from {catalogue.Name} where {RowsWorthReading(catalogue.Name)}",
            StringComparer.Ordinal);
        queries["figures"] = PhysicalFigures;
        queries["database"] = OfDatabase;
        return await ReadAllAsync(connection, queries);
    }

    /// <summary>The rows behind a hash, to be shown where it differs.</summary>
    public static async Task<string> ReadCatalogueAsync(NpgsqlConnection connection, string catalogue)
    {
        var columns = (await ReadPairsAsync(connection, ListCatalogues)).Single(pair => pair.Name == catalogue).Columns;
        return (await ReadAllAsync(connection, new Dictionary<string, string>(StringComparer.Ordinal)
        {
            [catalogue] = $"select string_agg({CatalogueRow(catalogue, columns)}, E'\\n' order by 1) from {catalogue} where {RowsWorthReading(catalogue)}",
        }))[catalogue];
    }

    private static string CatalogueRow(string catalogue, string columns)
    {
        var skipped = Exceptions.Where(exception => exception.Catalogue == catalogue).SelectMany(exception => exception.Columns);
        var row = string.Join(", ", columns.Split(", ").Except(skipped, StringComparer.Ordinal));

        // A tree says where in its statement a word stood.
        return $"row({row.Replace("relpartbound", "pg_get_expr(relpartbound, oid)", StringComparison.Ordinal)})::text";
    }

    private static string RowsWorthReading(string catalogue)
        => Exceptions.Where(exception => exception.Catalogue == catalogue).Select(exception => exception.Rows).FirstOrDefault("true");

    private static async Task<IReadOnlyList<(string Name, string Columns)>> ReadPairsAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await using var reader = await command.ExecuteReaderAsync();
        var pairs = new List<(string, string)>();
        while (await reader.ReadAsync())
            pairs.Add((reader.GetString(0), reader.GetString(1)));
        return pairs;
    }

    private static async Task<IReadOnlyDictionary<string, string>> ReadAllAsync(NpgsqlConnection connection, Dictionary<string, string> queries)
    {
        await using var command = new NpgsqlCommand($"select array[{string.Join(",\n", queries.Values.Select(query => $"({query})"))}]::text[]", connection);
        var values = (string?[])(await command.ExecuteScalarAsync())!;
        return queries.Keys.Zip(values).ToDictionary(pair => pair.First, pair => pair.Second ?? "", StringComparer.Ordinal);
    }
}
