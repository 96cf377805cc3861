using Npgsql;

namespace Jobs;

/// <summary>The schema that holds a queue's tables; its name is the user's, so it is always quoted.</summary>
internal sealed class Schema(string name)
{
    public string QuotedName { get; } = $"\"{name.Replace("\"", "\"\"")}\"";

    /// <summary>Creates the schema if it is missing and applies the migrations it has not seen: all of them or none.</summary>
    public async Task EnsureUpToDateAsync(NpgsqlDataSource dataSource, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);

        await LockAsync(connection, cancellationToken);
        await EnsureCreatedAsync(connection, cancellationToken);
        var applied = await ReadVersionsAsync(connection, cancellationToken);
        foreach (var migration in Migration.ReadAll().Where(migration => !applied.Contains(migration.Version)))
            await ApplyAsync(connection, migration, cancellationToken);

        await transaction.CommitAsync(cancellationToken);
    }

    // Whoever opens the same schema meanwhile waits here until this transaction ends: "if not exists" alone is not safe
    // against a second session that creates the same thing.
    private async Task LockAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("select pg_advisory_xact_lock(hashtextextended($1, 0))", connection)
        {
            Parameters = { new() { Value = $"open job queue {name}" } },
        };
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private async Task EnsureCreatedAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            $"""
            create schema if not exists {QuotedName};
            create table if not exists schema_migrations (version int primary key, applied_at timestamptz not null default now());
            """,
            connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static async Task<int[]> ReadVersionsAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("select array(select version from schema_migrations)", connection);
        return (int[])(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    private static async Task ApplyAsync(NpgsqlConnection connection, Migration migration, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            $"{migration.Sql}; insert into schema_migrations (version) values ({migration.Version})", connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
