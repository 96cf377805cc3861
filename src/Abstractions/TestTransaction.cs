using System.Data;
using System.Data.Common;
using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using SchemaIsolation.Transactions;
using SchemaIsolation.Wire;

namespace SchemaIsolation;

/// <summary>A transaction around a test, on any connection to PostgreSQL: what was done in it is rolled back when it is disposed.</summary>
/// <remarks>
/// <para>
/// It needs neither a session nor a lease. On a lease that a class holds, it gives each test of the class the same data. What no
/// rollback undoes stays: values drawn from sequences, and advisory locks of the session.
/// </para>
/// <para>
/// Code under test that ends the transaction, closes the connection or sends <c>commit</c> is found out at the end: SI2009 names the
/// test. Give code that has transactions of its own the <see cref="Connection"/>, in which they are savepoints.
/// </para>
/// <para>A transaction is one test's, as its connection is; any number of tests may have theirs at once, each on its own connection.</para>
/// </remarks>
public sealed class TestTransaction : IAsyncDisposable
{
    private readonly OwnStatements statements;
    private readonly Savepoint guard;
    private readonly EnlistedConnection enlisted;
    private readonly Lease? lease;
    private readonly string test;
    private readonly bool closes;
    private int ended;

    private TestTransaction(OwnStatements statements, Savepoint guard, Lease? lease, string test, bool closes)
    {
        this.statements = statements;
        this.guard = guard;
        this.lease = lease;
        this.test = test;
        this.closes = closes;
        enlisted = EnlistedConnection.Of(statements);
    }

    /// <summary>The connection for code under test that takes a <see cref="DbConnection"/>, as plain ADO.NET and Dapper do.</summary>
    /// <value>
    /// It is open, and neither opening nor closing nor disposing it does anything, so a factory may hand it out again and again.
    /// Its transactions are savepoints, whatever isolation level they ask for, and may be nested. Their commit fails where a deferred
    /// constraint would make it fail; deferred triggers run, but what they write does not stay. All its commands run in the
    /// transaction; one that cannot, such as <c>VACUUM</c>, throws SI2011. It cannot be cast to the provider's type: code that needs
    /// that one gets the connection that the transaction was begun on.
    /// </value>
    public DbConnection Connection => enlisted;

    /// <summary>The provider's transaction, for code that wants to be told it, such as EF Core's <c>UseTransaction</c>.</summary>
    /// <value>It belongs to this object: do not commit, roll back or dispose it.</value>
    public DbTransaction Transaction => statements.Transaction;

    /// <summary>Begins the transaction; it is the caller's until it is disposed.</summary>
    /// <param name="connection">
    /// The connection, in no transaction. A closed one is opened, and closed again at the end. With Npgsql its own commands are in the
    /// transaction too; other providers may want a command to be given the <see cref="Transaction"/>.
    /// </param>
    /// <param name="cancellationToken">Gives up beginning; the connection is then as it was.</param>
    /// <param name="testName">
    /// The name that errors and the report call the test by; the calling method unless given. A hook before each test has to give it.
    /// </param>
    /// <param name="testFile">The file of the test; only its name is used.</param>
    /// <returns>The transaction.</returns>
    /// <exception cref="SchemaIsolationException">SI2010: the connection leads into a lease that another test has dirtied.</exception>
    /// <exception cref="DbException">The server could not be reached, or refused.</exception>
    /// <example>
    /// <code>
    /// await using var transaction = await TestTransaction.BeginAsync(connection);
    /// await new IssueStore(transaction.Connection).CloseAsync(issue);
    /// </code>
    /// </example>
    public static async Task<TestTransaction> BeginAsync(
        DbConnection connection,
        CancellationToken cancellationToken = default,
        [CallerMemberName] string testName = "",
        [CallerFilePath] string testFile = "")
    {
        ArgumentNullException.ThrowIfNull(connection);
        var lease = HeldLeases.Find(connection);
        lease?.RefuseIfDirty();
        var opens = connection.State == ConnectionState.Closed;
        if (opens)
            await connection.OpenAsync(cancellationToken).ConfigureAwait(false);
        DbTransaction? transaction = null;
        try
        {
            transaction = await connection.BeginTransactionAsync(cancellationToken).ConfigureAwait(false);
            var statements = new OwnStatements(connection, transaction);
            var guard = new Savepoint();
            await statements.ExecuteAsync(cancellationToken, guard.Set).ConfigureAwait(false);
            return new TestTransaction(statements, guard, lease, TestName.From(testFile, testName), opens);
        }
        catch
        {
            if (transaction is not null)
                await transaction.DisposeAsync().ConfigureAwait(false);
            if (opens)
                await connection.CloseAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Begins a transaction, runs the body in it, and rolls back however the body ends.</summary>
    /// <param name="connection"><inheritdoc cref="BeginAsync" path="/param[@name='connection']"/></param>
    /// <param name="body">The test. What it throws reaches the caller unchanged, or within SI2009 when it ended the transaction too.</param>
    /// <param name="cancellationToken">Gives up beginning; the body is not interrupted.</param>
    /// <param name="testName"><inheritdoc cref="BeginAsync" path="/param[@name='testName']"/></param>
    /// <param name="testFile"><inheritdoc cref="BeginAsync" path="/param[@name='testFile']"/></param>
    /// <returns>A task that ends when all is rolled back.</returns>
    /// <exception cref="SchemaIsolationException">As for <see cref="BeginAsync"/> and <see cref="DisposeAsync"/>.</exception>
    /// <exception cref="DbException">As for <see cref="BeginAsync"/> and <see cref="DisposeAsync"/>.</exception>
    public static async Task RunAsync(
        DbConnection connection,
        Func<TestTransaction, Task> body,
        CancellationToken cancellationToken = default,
        [CallerMemberName] string testName = "",
        [CallerFilePath] string testFile = "")
    {
        ArgumentNullException.ThrowIfNull(body);
        var transaction = await BeginAsync(connection, cancellationToken, testName, testFile).ConfigureAwait(false);
        try
        {
            await body(transaction).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            // What the body threw is what the test has to say, unless the test was broken under it: then that is, and this its inner.
            if (await transaction.EndAsync().ConfigureAwait(false) is SchemaIsolationException broken)
                throw new SchemaIsolationException(broken.Code, broken.Reason, exception);
            throw;
        }

        await transaction.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>Sets a point that the test can go back to, and that a failed statement does not reach behind.</summary>
    /// <param name="cancellationToken">Gives up setting it.</param>
    /// <returns>The point; it is the caller's until it is disposed.</returns>
    /// <example>
    /// <code>
    /// await using (await transaction.SaveAsync())
    ///     await Assert.ThrowsAsync&lt;PostgresException&gt;(() => issues.AddLabelAsync(issue, "no such label"));
    /// Assert.Empty(await issues.ListLabelsAsync(issue));
    /// </code>
    /// </example>
    public async Task<TestSavepoint> SaveAsync(CancellationToken cancellationToken = default)
    {
        var savepoint = new Savepoint();
        await statements.ExecuteAsync(cancellationToken, savepoint.Set).ConfigureAwait(false);
        return new TestSavepoint(statements, savepoint);
    }

    /// <summary>Looks at the deferred constraints and rolls back. A second call does nothing.</summary>
    /// <remarks>
    /// <para>
    /// Whatever it throws, all is rolled back, and the connection can be used again. A transaction that a failed statement has aborted is
    /// rolled back in silence: its constraints cannot be looked at.
    /// </para>
    /// <para>
    /// After <c>await using</c>, what it throws hides what the test threw: C# keeps but one. <see cref="RunAsync"/> keeps both, and so do
    /// test frameworks when it is called by a hook after the test.
    /// </para>
    /// </remarks>
    /// <returns>A task that ends when the server has rolled back.</returns>
    /// <exception cref="SchemaIsolationException">
    /// SI2009: the code under test has ended the transaction. When the connection leads into a lease, that is dirty now: no other
    /// transaction begins in it, and the report's entry of the lease names the test.
    /// </exception>
    /// <exception cref="DbException">A deferred constraint is violated, in the provider's own words.</exception>
    public async ValueTask DisposeAsync()
    {
        if (await EndAsync().ConfigureAwait(false) is { } failure)
            ExceptionDispatchInfo.Throw(failure);
    }

    /// <returns>What the disposal has to throw, or null when there is nothing, or when it was ended before.</returns>
    private async Task<Exception?> EndAsync()
    {
        if (Interlocked.Exchange(ref ended, 1) != 0)
            return null;

        enlisted.End();
        try
        {
            return await FindFailureAsync().ConfigureAwait(false);
        }
        finally
        {
            await statements.Transaction.DisposeAsync().ConfigureAwait(false);
            if (closes)
                await statements.Connection.CloseAsync().ConfigureAwait(false);
        }
    }

    private async Task<Exception?> FindFailureAsync()
    {
        // First, as nothing is deferred any more after a rollback.
        var violation = await statements.TryAsync(OwnStatements.CheckConstraints).ConfigureAwait(false);
        var failure = await statements.TryAsync(guard.RollBack).ConfigureAwait(false);
        if (failure is null)
            return violation is DbException { SqlState: SqlStates.FailedTransaction } ? null : violation;
        if (!IsGone(failure))
            return failure;

        // Of a transaction that was begun instead nobody knows here.
        await statements.TryAsync("rollback").ConfigureAwait(false);
        lease?.Dirty(test);
        var refused = lease is null ? string.Empty : $" No other TestTransaction begins in the lease of \"{lease.Slot}\".";
        return new SchemaIsolationException(
            "SI2009",
            $"The code under test of \"{test}\" ended the transaction of its test: it committed, rolled back or closed the connection, so what the test wrote may have stayed.{refused} Give code with transactions of its own the TestTransaction's Connection, or a lease of its own.",
            failure);
    }

    // A transaction that a statement has failed still has its guard; one that was begun behind the test's back never had it.
    private bool IsGone(Exception failure)
        => statements.Connection.State != ConnectionState.Open || failure is DbException { SqlState: SqlStates.NoSavepoint or SqlStates.NoTransaction };
}
