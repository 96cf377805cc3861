using Npgsql;

namespace SchemaIsolation.Keeper.Migrations;

/// <summary>Sends one script to the server.</summary>
/// <param name="connection">To the database.</param>
/// <param name="script">What to send.</param>
/// <param name="limit">How long it may take.</param>
/// <param name="isInTransaction">Whether the caller has begun one, and ends it: then the script has none of its own.</param>
internal sealed class ScriptRun(NpgsqlConnection connection, SqlScript script, FileTimeLimit limit, bool isInTransaction)
{
    private readonly List<SqlStep> pending = [];

    /// <exception cref="SchemaIsolationException">SI1206: the server refused a statement.</exception>
    public async Task RunAsync(MigrationTarget target, SharedExtensions extensions)
    {
        await using var transaction = script.RunsInTransaction && !isInTransaction ? await connection.BeginTransactionAsync(limit.Token) : null;

        pending.AddRange(target.SetUp().Select(sql => new SqlStep(sql)));
        foreach (var statement in script.Statements)
        {
            if (!script.RunsInTransaction || statement.CopyData is not null)
                await SendPendingAsync();

            if (statement.CopyData is { } data)
                await CopyAsync(statement, data);
            else
                pending.AddRange(extensions.StepsOf(statement));
        }

        await SendPendingAsync();
        if (transaction is not null)
            await CommitAsync(transaction);
    }

    // One message to the server and one answer, however many statements: a round trip for each is what replaying would cost most.
    // A batch without parameters, because Npgsql sends its commands as they are written, whatever Npgsql.EnableSqlRewriting says.
    private async Task SendPendingAsync()
    {
        if (pending.Count == 0)
            return;

        await using var batch = new NpgsqlBatch(connection) { Timeout = 0 };
        foreach (var step in pending)
            batch.BatchCommands.Add(new NpgsqlBatchCommand(step.Sql));

        try
        {
            await batch.ExecuteNonQueryAsync(limit.Token);
        }
        catch (PostgresException exception) when (!IsLost(exception))
        {
            throw MigrationFailure.Of(script, pending[CountCompleted(batch)].Statement, exception);
        }

        pending.Clear();
    }

    private async Task CopyAsync(SqlStatement statement, string data)
    {
        try
        {
            var import = await connection.BeginTextImportAsync(statement.Text, limit.Token);

            // The stream, because the writer around it would end the import synchronously.
            await using var stream = ((StreamWriter)import).BaseStream;

            // Npgsql's waits for the server during a copy take no token: time that runs out breaks the connection instead.
            stream.WriteTimeout = limit.RemainingMilliseconds;
            await import.WriteAsync(data.AsMemory(), limit.Token);
            await import.FlushAsync(limit.Token);
            stream.ReadTimeout = limit.RemainingMilliseconds;
        }
        catch (PostgresException exception) when (!IsLost(exception))
        {
            throw MigrationFailure.Of(script, statement, exception);
        }
    }

    private async Task CommitAsync(NpgsqlTransaction transaction)
    {
        try
        {
            await transaction.CommitAsync(limit.Token);
        }
        catch (PostgresException exception) when (!IsLost(exception))
        {
            throw MigrationFailure.OfCommit(script.File, exception);
        }
    }

    // A completed statement has its type from the server; Npgsql names the failed one only where the connection string asks for it.
    private static int CountCompleted(NpgsqlBatch batch)
        => batch.BatchCommands.Cast<NpgsqlBatchCommand>().TakeWhile(command => command.StatementType != StatementType.Unknown).Count();

    private static bool IsLost(PostgresException exception) => exception.InvariantSeverity is "FATAL" or "PANIC";
}
