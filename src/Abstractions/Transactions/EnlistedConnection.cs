using System.Data;
using System.Data.Common;
using System.Diagnostics.CodeAnalysis;
using Ambient = System.Transactions.Transaction;

namespace SchemaIsolation.Transactions;

/// <summary>The connection of a test's transaction, for code that would open, close, commit and roll back as if it were its own.</summary>
internal class EnlistedConnection(OwnStatements statements) : DbConnection
{
    private const int MaxShownText = 200;

    private readonly List<NestedTransaction> nested = [];
    private bool isEnded;

    [AllowNull]
    public override string ConnectionString
    {
        get => statements.Connection.ConnectionString;
        set => throw Bound();
    }

    public override int ConnectionTimeout => statements.Connection.ConnectionTimeout;

    public override string Database => statements.Connection.Database;

    public override string DataSource => statements.Connection.DataSource;

    public override string ServerVersion => statements.Connection.ServerVersion;

    public override ConnectionState State => isEnded ? ConnectionState.Closed : statements.Connection.State;

    public override bool CanCreateBatch => statements.Connection.CanCreateBatch;

    /// <summary>Under the name by which Dapper knows the provider's.</summary>
    public static EnlistedConnection Of(OwnStatements statements)
        => statements.Connection.GetType().Name == nameof(NpgsqlConnection) ? new NpgsqlConnection(statements) : new EnlistedConnection(statements);

    // Opened again and again by code that has it from a factory, where the test's transaction is open all the time.
    public override void Open()
    {
        ThrowIfEnded();
        if (Ambient.Current is not null)
            throw InScope();
    }

    public override Task OpenAsync(CancellationToken cancellationToken)
    {
        Open();
        return Task.CompletedTask;
    }

    public override void EnlistTransaction(Ambient? transaction)
    {
        if (transaction is not null)
            throw InScope();
    }

    // It is the test's; a disposal does no more than this.
    public override void Close()
    {
    }

    public override Task CloseAsync() => Task.CompletedTask;

    public override void ChangeDatabase(string databaseName) => throw Bound();

    public override Task ChangeDatabaseAsync(string databaseName, CancellationToken cancellationToken = default) => throw Bound();

    /// <summary>From here on nothing runs on it: outside of the transaction it would stay.</summary>
    public void End()
    {
        isEnded = true;
        nested.Clear();
    }

    public bool IsNested(NestedTransaction transaction) => nested.Contains(transaction);

    /// <summary>Ends a nested transaction, and with it those within it.</summary>
    /// <returns>False when it has ended before.</returns>
    public bool Leave(NestedTransaction transaction)
    {
        var at = nested.IndexOf(transaction);
        if (at < 0)
            return false;

        nested.RemoveRange(at, nested.Count - at);
        return true;
    }

    /// <summary>For a command or batch, which is asked to move to the connection it is on, and cannot move to another.</summary>
    public void ThrowUnlessSame(DbConnection? other)
    {
        if (other != this)
            throw Bound();
    }

    /// <summary>A reader does not close the connection either.</summary>
    public static CommandBehavior Keep(CommandBehavior behavior) => behavior & ~CommandBehavior.CloseConnection;

    /// <exception cref="SchemaIsolationException">SI2011: the statement cannot run in a transaction.</exception>
    public T Run<T>(string text, Func<T> execute)
    {
        ThrowIfEnded();
        try
        {
            return execute();
        }
        catch (DbException exception) when (exception.SqlState == SqlStates.ActiveTransaction)
        {
            throw Refused(text, exception);
        }
    }

    /// <inheritdoc cref="Run"/>
    public async Task<T> RunAsync<T>(string text, Func<Task<T>> executeAsync)
    {
        ThrowIfEnded();
        try
        {
            return await executeAsync().ConfigureAwait(false);
        }
        catch (DbException exception) when (exception.SqlState == SqlStates.ActiveTransaction)
        {
            throw Refused(text, exception);
        }
    }

    protected override DbTransaction BeginDbTransaction(IsolationLevel isolationLevel)
    {
        ThrowIfEnded();
        var savepoint = new Savepoint();
        statements.Execute(savepoint.Set);
        return Nest(savepoint);
    }

    protected override async ValueTask<DbTransaction> BeginDbTransactionAsync(IsolationLevel isolationLevel, CancellationToken cancellationToken)
    {
        ThrowIfEnded();
        var savepoint = new Savepoint();
        await statements.ExecuteAsync(cancellationToken, savepoint.Set).ConfigureAwait(false);
        return Nest(savepoint);
    }

    protected override DbCommand CreateDbCommand()
    {
        ThrowIfEnded();
        return new EnlistedCommand(this, statements.CreateCommand());
    }

    protected override DbBatch CreateDbBatch()
    {
        ThrowIfEnded();
        var batch = statements.Connection.CreateBatch();
        batch.Transaction = statements.Transaction;
        return new EnlistedBatch(this, batch);
    }

    private NestedTransaction Nest(Savepoint savepoint)
    {
        var transaction = new NestedTransaction(this, statements, savepoint);
        nested.Add(transaction);
        return transaction;
    }

    private void ThrowIfEnded() => ObjectDisposedException.ThrowIf(isEnded, typeof(TestTransaction));

    private static InvalidOperationException Bound()
        => new("The connection of a TestTransaction, and a command on it, stay where the transaction is. Open another connection for another database.");

    private static SchemaIsolationException InScope()
        => new("SI2012", "A TransactionScope is open where the connection of a TestTransaction is opened, and it would neither commit nor roll back what is done there. Test such code on a connection without TestTransaction, in a lease of its own.");

    private static SchemaIsolationException Refused(string text, DbException exception)
        => new(
            "SI2011",
            $"The statement \"{(text.Length > MaxShownText ? text[..MaxShownText] + "…" : text)}\" cannot run in the transaction of a test. Test it on a connection without TestTransaction, in a lease of its own: {exception.Message}",
            exception);
}
