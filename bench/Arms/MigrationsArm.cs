using Npgsql;
using SchemaIsolation.Bench.Servers;
using SchemaIsolation.Bench.Suites;

namespace SchemaIsolation.Bench.Arms;

/// <summary>The migrations run into a new schema for each test, all in one message, and the schema is dropped.</summary>
internal sealed class MigrationsArm : IArm
{
    private const string Database = "bench_migrations";

    private readonly BenchServer server;
    private readonly string migrations;
    private int lastSchema;

    private MigrationsArm(BenchServer server, string migrations)
    {
        this.server = server;
        this.migrations = migrations;
    }

    public string Name => ArmName;

    public const string ArmName = "migrations per schema";

    public static async Task<MigrationsArm> StartAsync(BenchServer server, Suite suite, CancellationToken cancellationToken)
    {
        await server.ExecuteAsync("postgres", $"create database {Database} template template0", cancellationToken);
        return new MigrationsArm(server, await suite.ReadMigrationsAsync(cancellationToken));
    }

    public Task PrepareAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task<ITestState> BeginAsync(int test, CancellationToken cancellationToken)
    {
        var schema = $"test_{Interlocked.Increment(ref lastSchema)}";
        await ExecuteAsync($"create schema {schema}; set search_path to {schema}; {migrations}", cancellationToken);
        return new OwnState(
            server.ConnectionString(Database, searchPath: schema),
            async () => await ExecuteAsync($"drop schema {schema} cascade", CancellationToken.None));
    }

    public async ValueTask DisposeAsync()
    {
        await using (var connection = new NpgsqlConnection(server.ConnectionString(Database)))
            NpgsqlConnection.ClearPool(connection);
        await server.ExecuteAsync("postgres", $"drop database {Database} with (force)", CancellationToken.None);
    }

    private async Task ExecuteAsync(string sql, CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(server.ConnectionString(Database));
        await connection.OpenAsync(cancellationToken);
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
