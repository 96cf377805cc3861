using Npgsql;

namespace Recipes.Tests;

/// <summary>A library as Marten and job queues are: it makes the schema it is told the name of, its tables when it first needs them, and has a pool.</summary>
public sealed class DocumentStore(string connectionString, string schema) : IAsyncDisposable
{
    private readonly NpgsqlDataSource pool = NpgsqlDataSource.Create(connectionString);

    public async Task StoreAsync(string json)
    {
        await ExecuteAsync($"create schema if not exists {schema}");
        await ExecuteAsync($"create table if not exists {schema}.documents (body jsonb not null)");
        await using var command = pool.CreateCommand($"insert into {schema}.documents values ($1::jsonb)");
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = json });
        await command.ExecuteNonQueryAsync();
    }

    public async Task<long> CountAsync()
    {
        await using var command = pool.CreateCommand($"select count(*) from {schema}.documents");
        return (long)(await command.ExecuteScalarAsync())!;
    }

    public ValueTask DisposeAsync() => pool.DisposeAsync();

    private async Task ExecuteAsync(string sql)
    {
        await using var command = pool.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }
}
