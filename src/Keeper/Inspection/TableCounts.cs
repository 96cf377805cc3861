using Npgsql;
using SchemaIsolation.Keeper.Postgres;

namespace SchemaIsolation.Keeper.Inspection;

/// <summary>Counts the rows of a database, table by table.</summary>
internal static class TableCounts
{
    public static async Task<IReadOnlyList<TableCount>> ReadAsync(PostgresServer server, string database, CancellationToken cancellationToken)
    {
        await using var connection = await server.OpenUnpooledAsync(database, cancellationToken);
        var tables = new List<string>();
        await using (var command = new NpgsqlCommand(InspectSql.ListTables, connection))
        await using (var reader = await command.ExecuteReaderAsync(cancellationToken))
        {
            while (await reader.ReadAsync(cancellationToken))
                tables.Add(reader.GetString(0));
        }

        var counts = new List<TableCount>();
        foreach (var table in tables)
        {
            await using var count = new NpgsqlCommand(ResetSql.CountAllRows(table), connection);
            counts.Add(new TableCount(table, (long)(await count.ExecuteScalarAsync(cancellationToken))!));
        }

        return counts;
    }
}
