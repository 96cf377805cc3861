using System.Data.Common;

namespace SchemaIsolation.Transactions;

/// <summary>What a test's transaction runs on its connection itself.</summary>
internal sealed class OwnStatements(DbConnection connection, DbTransaction transaction)
{
    /// <summary>Makes deferred constraints be looked at now, as a commit would.</summary>
    public const string CheckConstraints = "set constraints all immediate";

    public DbConnection Connection => connection;

    public DbTransaction Transaction => transaction;

    /// <summary>A command in the transaction, for whoever asks to fill in and dispose.</summary>
    /// <exception cref="InvalidOperationException">The provider knows that the transaction has ended.</exception>
    public DbCommand CreateCommand()
    {
        var command = connection.CreateCommand();
        command.Transaction = transaction;
        return command;
    }

    public void Execute(params string[] statements)
    {
        foreach (var statement in statements)
        {
            using var command = Create(statement);
            command.ExecuteNonQuery();
        }
    }

    public async Task ExecuteAsync(CancellationToken cancellationToken, params string[] statements)
    {
        foreach (var statement in statements)
        {
            var command = Create(statement);
            await using (command.ConfigureAwait(false))
                await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <returns>What failed, or null when nothing did.</returns>
    public Exception? Try(params string[] statements)
    {
        try
        {
            Execute(statements);
            return null;
        }
        catch (Exception exception) when (IsExpected(exception))
        {
            return exception;
        }
    }

    /// <remarks>For clean-up, so on no caller's token: the provider's command timeout bounds each statement.</remarks>
    /// <returns>What failed, or null when nothing did.</returns>
    public async Task<Exception?> TryAsync(params string[] statements)
    {
        try
        {
            await ExecuteAsync(CancellationToken.None, statements).ConfigureAwait(false);
            return null;
        }
        catch (Exception exception) when (IsExpected(exception))
        {
            return exception;
        }
    }

    private DbCommand Create(string statement)
    {
        var command = connection.CreateCommand();
        command.CommandText = statement;
        try
        {
            command.Transaction = transaction;
        }
        catch (InvalidOperationException)
        {
            // It was ended behind the test's back, as the provider knows. What the server has to say to the statement is asked nevertheless.
        }

        return command;
    }

    // The server's refusal, or the provider's for a connection that is closed.
    private static bool IsExpected(Exception exception) => exception is DbException or InvalidOperationException;
}
