using SchemaIsolation.Keeper.Postgres;

namespace SchemaIsolation.Keeper.Resets;

/// <summary>The rows of a table as text.</summary>
/// <param name="Columns">Their names, quoted.</param>
/// <param name="Key">Where the primary key's are among them; empty when there is none.</param>
/// <param name="Rows">As they came; null when there are too many.</param>
internal sealed record TableRows(IReadOnlyList<string> Columns, IReadOnlyList<int> Key, IReadOnlyList<string?[]>? Rows)
{
    private const int MostRows = 10_000;

    /// <param name="connection">Where it is.</param>
    /// <param name="id">Its object id.</param>
    /// <param name="name">With its schema, quoted.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public static async Task<TableRows> ReadAsync(ResetConnection connection, uint id, string name, CancellationToken cancellationToken)
    {
        var columns = await connection.ReadAsync(DifferenceSql.ListColumns(id), reader => (Name: reader.GetString(0), IsKey: reader.GetBoolean(1)), cancellationToken);
        var names = columns.Select(column => column.Name).ToList();
        var rows = await connection.ReadAsync(DifferenceSql.ReadRows(name, names, MostRows + 1), reader => reader.GetFieldValue<string?[]>(0), cancellationToken);
        return new TableRows(names, [.. Enumerable.Range(0, columns.Count).Where(column => columns[column].IsKey)], rows.Count > MostRows ? null : rows);
    }
}
