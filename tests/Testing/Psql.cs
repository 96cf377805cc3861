using System.Globalization;
using Npgsql;
using SchemaIsolation.Keeper.Postgres;

namespace SchemaIsolation.Testing;

/// <summary>Runs statements on a connection of their own.</summary>
public static class Psql
{
    /// <returns>The rows of all of them, joined by ", ", with "|" between columns.</returns>
    public static async Task<string> RunAsync(string connectionString, params string[] statements)
    {
        // Not pooled: nothing of it stays connected to a database that is about to be dropped.
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        return await RunAsync(connection, statements);
    }

    /// <inheritdoc cref="RunAsync(string, string[])"/>
    public static async Task<string> RunAsync(NpgsqlConnection connection, params string[] statements)
    {
        await using var batch = new NpgsqlBatch(connection);
        foreach (var statement in statements)
            batch.BatchCommands.Add(new NpgsqlBatchCommand(statement));
        await using var reader = await batch.ExecuteReaderAsync();
        var rows = new List<string>();
        do
        {
            while (await reader.ReadAsync())
                rows.Add(string.Join('|', Enumerable.Range(0, reader.FieldCount).Select(i => Convert.ToString(reader.GetValue(i), CultureInfo.InvariantCulture))));
        }
        while (await reader.NextResultAsync());

        return string.Join(", ", rows);
    }

    internal static Task<string> RunAsync(ServerAddress server, string database, params string[] statements)
        => RunAsync(server.For(database).ConnectionString, statements);

    internal static Task<string> RunAsync(ServerAddress server, DatabaseName database, params string[] statements)
        => RunAsync(server, database.ToString(), statements);
}
