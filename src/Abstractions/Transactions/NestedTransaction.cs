using System.Data;
using System.Data.Common;

namespace SchemaIsolation.Transactions;

/// <summary>A transaction of the code under test within that of its test: a savepoint.</summary>
internal sealed class NestedTransaction(EnlistedConnection connection, OwnStatements statements, Savepoint savepoint) : DbTransaction
{
    private readonly string[] commit = CommitOf(savepoint, new Savepoint());
    private readonly string[] undo = [savepoint.RollBack, savepoint.Release];

    /// <summary>The test's: one within it cannot have another.</summary>
    public override IsolationLevel IsolationLevel => statements.Transaction.IsolationLevel;

    public override bool SupportsSavepoints => true;

    protected override DbConnection? DbConnection => connection.IsNested(this) ? connection : null;

    public override void Commit()
    {
        Leave();
        try
        {
            statements.Execute(commit);
        }
        catch (DbException exception) when (exception.SqlState == SqlStates.FailedTransaction)
        {
            // As PostgreSQL does: to commit what has failed is to roll it back.
            statements.Execute(undo);
        }
        catch
        {
            statements.Try(undo);
            throw;
        }
    }

    public override async Task CommitAsync(CancellationToken cancellationToken = default)
    {
        Leave();
        try
        {
            await statements.ExecuteAsync(cancellationToken, commit).ConfigureAwait(false);
        }
        catch (DbException exception) when (exception.SqlState == SqlStates.FailedTransaction)
        {
            await statements.ExecuteAsync(CancellationToken.None, undo).ConfigureAwait(false);
        }
        catch
        {
            await statements.TryAsync(undo).ConfigureAwait(false);
            throw;
        }
    }

    public override void Rollback()
    {
        Leave();
        statements.Execute(undo);
    }

    public override Task RollbackAsync(CancellationToken cancellationToken = default)
    {
        Leave();
        return statements.ExecuteAsync(cancellationToken, undo);
    }

    public override void Save(string savepointName) => statements.Transaction.Save(savepointName);

    public override Task SaveAsync(string savepointName, CancellationToken cancellationToken = default)
        => statements.Transaction.SaveAsync(savepointName, cancellationToken);

    public override void Rollback(string savepointName) => statements.Transaction.Rollback(savepointName);

    public override Task RollbackAsync(string savepointName, CancellationToken cancellationToken = default)
        => statements.Transaction.RollbackAsync(savepointName, cancellationToken);

    public override void Release(string savepointName) => statements.Transaction.Release(savepointName);

    public override Task ReleaseAsync(string savepointName, CancellationToken cancellationToken = default)
        => statements.Transaction.ReleaseAsync(savepointName, cancellationToken);

    // Neither throws, so that it cannot hide what the code under test threw: what keeps the savepoint from being undone, the end of
    // the test's transaction meets too.
    public override async ValueTask DisposeAsync()
    {
        if (connection.Leave(this))
            await statements.TryAsync(undo).ConfigureAwait(false);
        await base.DisposeAsync().ConfigureAwait(false);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing && connection.Leave(this))
            statements.Try(undo);
        base.Dispose(disposing);
    }

    // A commit looks at the deferred constraints; here what says so is undone, which leaves them deferred for what comes after.
    private static string[] CommitOf(Savepoint savepoint, Savepoint look)
        => [look.Set, OwnStatements.CheckConstraints, look.RollBack, savepoint.Release];

    private void Leave()
    {
        if (!connection.Leave(this))
            throw new InvalidOperationException("The transaction has been committed or rolled back before, or the one around it has.");
    }
}
