using Dapper;
using Npgsql;

namespace Workflow.Repositories;

/// <summary>Dapper on a connection, and on a data source for one statement or one transaction.</summary>
internal static class Queries
{
    static Queries() => DefaultTypeMap.MatchNamesWithUnderscores = true;

    /// <summary>What the value is called in PostgreSQL's enums.</summary>
    public static string Label(this Enum value) => value.ToString().ToLowerInvariant();

    public static async Task<T> SingleAsync<T>(
        this NpgsqlDataSource dataSource, string sql, object? parameters, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        return await connection.SingleAsync<T>(sql, parameters, cancellationToken);
    }

    public static async Task<T?> SingleOrDefaultAsync<T>(
        this NpgsqlDataSource dataSource, string sql, object? parameters, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        return await connection.SingleOrDefaultAsync<T>(sql, parameters, cancellationToken);
    }

    public static async Task<IReadOnlyList<T>> ListAsync<T>(
        this NpgsqlDataSource dataSource, string sql, object? parameters, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        var rows = await connection.QueryAsync<T>(new CommandDefinition(sql, parameters, cancellationToken: cancellationToken));
        return rows.AsList();
    }

    /// <returns>The number of rows the statement touched.</returns>
    public static async Task<int> ExecuteAsync(
        this NpgsqlDataSource dataSource, string sql, object? parameters, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        return await connection.ExecuteAsync(sql, parameters, cancellationToken);
    }

    /// <summary>Commits when the body returns, and rolls back when it throws.</summary>
    public static async Task<T> InTransactionAsync<T>(
        this NpgsqlDataSource dataSource, Func<NpgsqlConnection, Task<T>> body, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var result = await body(connection);
        await transaction.CommitAsync(cancellationToken);
        return result;
    }

    public static Task<T> SingleAsync<T>(
        this NpgsqlConnection connection, string sql, object? parameters, CancellationToken cancellationToken)
        => connection.QuerySingleAsync<T>(new CommandDefinition(sql, parameters, cancellationToken: cancellationToken));

    public static Task<T?> SingleOrDefaultAsync<T>(
        this NpgsqlConnection connection, string sql, object? parameters, CancellationToken cancellationToken)
        => connection.QuerySingleOrDefaultAsync<T>(new CommandDefinition(sql, parameters, cancellationToken: cancellationToken));

    /// <returns>The number of rows the statement touched; it runs once for each element when the parameters are a sequence.</returns>
    public static Task<int> ExecuteAsync(
        this NpgsqlConnection connection, string sql, object? parameters, CancellationToken cancellationToken)
        => connection.ExecuteAsync(new CommandDefinition(sql, parameters, cancellationToken: cancellationToken));
}
