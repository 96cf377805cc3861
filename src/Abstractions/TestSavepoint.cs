using System.Data.Common;
using SchemaIsolation.Transactions;

namespace SchemaIsolation;

/// <summary>A point in a <see cref="TestTransaction"/>, behind which neither a failed statement nor a roll back reaches.</summary>
public sealed class TestSavepoint : IAsyncDisposable
{
    private readonly OwnStatements statements;
    private readonly Savepoint savepoint;
    private int disposed;

    internal TestSavepoint(OwnStatements statements, Savepoint savepoint)
    {
        this.statements = statements;
        this.savepoint = savepoint;
    }

    /// <summary>Undoes all that was done since the point was set, failed statements included; may be called again and again.</summary>
    /// <param name="cancellationToken">Gives up waiting for the server.</param>
    /// <returns>A task that ends when it is undone.</returns>
    /// <exception cref="DbException">The transaction has ended, or the point was disposed, or one set before it rolled back to.</exception>
    public Task RollBackAsync(CancellationToken cancellationToken = default) => statements.ExecuteAsync(cancellationToken, savepoint.RollBack);

    /// <summary>
    /// Keeps what was done since the point was set, unless a statement has failed and nothing was rolled back since: then all of it
    /// is undone. A second call does nothing.
    /// </summary>
    /// <remarks>Never throws, so that it cannot hide the test's own exception: of a transaction that has ended, its own disposal tells.</remarks>
    /// <returns>A task that ends when the test can go on.</returns>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref disposed, 1) != 0)
            return;

        if (await statements.TryAsync(savepoint.Release).ConfigureAwait(false) is DbException { SqlState: SqlStates.FailedTransaction })
            await statements.TryAsync(savepoint.RollBack, savepoint.Release).ConfigureAwait(false);
    }
}
