using Npgsql;
using SchemaIsolation.Keeper.Migrations;
using SchemaIsolation.Testing;

namespace SchemaIsolation.Tests.PostgreSql.Migrations;

internal static class Replay
{
    /// <summary>Runs the scripts as the files <c>1.sql</c>, <c>2.sql</c> and so on.</summary>
    public static Task<IReadOnlyList<MigrationTiming>> RunAsync(NpgsqlConnection connection, MigrationTarget target, params string[] scripts)
        => RunAsync(connection, target, TimeSpan.FromMinutes(1), CancellationToken.None, scripts);

    public static Task<IReadOnlyList<MigrationTiming>> RunAsync(
        NpgsqlConnection connection, MigrationTarget target, TimeSpan timeLimit, CancellationToken cancellationToken, params string[] scripts)
        => MigrationRunner.RunAsync(
            connection,
            [.. scripts.Select((script, index) => new MigrationFile($"/m/{index + 1}.sql", $"{index + 1}.sql", script))],
            target,
            timeLimit,
            cancellationToken);

    public static async Task ExecuteAsync(NpgsqlConnection connection, params string[] statements)
    {
        await using var batch = new NpgsqlBatch(connection);
        foreach (var statement in statements)
            batch.BatchCommands.Add(new NpgsqlBatchCommand(statement));
        await batch.ExecuteNonQueryAsync();
    }

    /// <summary>Opens a connection on which Npgsql passes on or holds back what the server says in detail.</summary>
    public static async Task<NpgsqlConnection> OpenAsync(TestDatabase database, bool includeErrorDetail)
    {
        var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(database.ConnectionString) { IncludeErrorDetail = includeErrorDetail }.ConnectionString);
        await connection.OpenAsync();
        return connection;
    }

    /// <returns>The first column of all rows.</returns>
    public static async Task<IReadOnlyList<T>> QueryAsync<T>(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await using var reader = await command.ExecuteReaderAsync();
        var values = new List<T>();
        while (await reader.ReadAsync())
            values.Add(await reader.GetFieldValueAsync<T>(0));
        return values;
    }
}
