using System.Data;
using System.Data.Common;
using Npgsql;
using SchemaIsolation.Testing;

namespace SchemaIsolation.Tests.PostgreSql.Transactions;

/// <summary>Transactions of the code under test are savepoints of its test's.</summary>
public sealed class NestedTransactionTests(TestServer server)
{
    private const string Seen = "select n from parent order by 1";

    [Fact]
    public async Task A_commit_keeps_for_the_test_alone()
    {
        await using var tables = await OwnTables.CreateAsync(server);
        var test = await TestTransaction.BeginAsync(tables.Connection);

        await using (var nested = await test.Connection.BeginTransactionAsync())
        {
            await InsertAsync(test.Connection, 2, nested);
            await nested.CommitAsync();
        }

        Assert.Equal("1, 2", await Psql.RunAsync(tables.Connection, Seen));
        await test.DisposeAsync();
        Assert.Equal("1", await tables.CommittedAsync());
    }

    [Fact]
    public async Task A_rollback_undoes_its_own_and_nothing_else()
    {
        await using var tables = await OwnTables.CreateAsync(server);
        await using var test = await TestTransaction.BeginAsync(tables.Connection);
        await InsertAsync(test.Connection, 2);

        await using (var nested = await test.Connection.BeginTransactionAsync())
        {
            await InsertAsync(test.Connection, 3, nested);
            await nested.RollbackAsync();
        }

        Assert.Equal("1, 2", await Psql.RunAsync(tables.Connection, Seen));
    }

    [Fact]
    public async Task A_disposal_without_a_commit_undoes()
    {
        await using var tables = await OwnTables.CreateAsync(server);
        await using var test = await TestTransaction.BeginAsync(tables.Connection);

        await using (await test.Connection.BeginTransactionAsync())
            await InsertAsync(test.Connection, 2);

        Assert.Equal("1", await Psql.RunAsync(tables.Connection, Seen));
    }

    [Fact]
    public async Task Code_that_does_not_await_commits_and_undoes_as_well()
    {
        await using var tables = await OwnTables.CreateAsync(server);
        await using var test = await TestTransaction.BeginAsync(tables.Connection);

        using (var kept = test.Connection.BeginTransaction())
        {
            Insert(test.Connection, 2);
            kept.Commit();
        }

        using (var undone = test.Connection.BeginTransaction())
        {
            Insert(test.Connection, 3);
            undone.Rollback();
        }

        using (test.Connection.BeginTransaction())
            Insert(test.Connection, 4);

        Assert.Equal("1, 2", await Psql.RunAsync(tables.Connection, Seen));
    }

    [Fact]
    public async Task A_failed_statement_is_undone_with_its_transaction_and_the_test_goes_on()
    {
        await using var tables = await OwnTables.CreateAsync(server);
        await using var test = await TestTransaction.BeginAsync(tables.Connection);

        await using (var nested = await test.Connection.BeginTransactionAsync())
        {
            await InsertAsync(test.Connection, 2, nested);
            await Assert.ThrowsAsync<PostgresException>(() => InsertAsync(test.Connection, 1, nested));
        }

        Assert.Equal("1", await Psql.RunAsync(tables.Connection, Seen));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_commit_after_a_failed_statement_undoes_as_the_servers_does(bool awaits)
    {
        await using var tables = await OwnTables.CreateAsync(server);
        await using var test = await TestTransaction.BeginAsync(tables.Connection);
        await using var nested = await test.Connection.BeginTransactionAsync();
        await InsertAsync(test.Connection, 2, nested);
        await Assert.ThrowsAsync<PostgresException>(() => InsertAsync(test.Connection, 1, nested));

        await CommitAsync(nested, awaits);

        Assert.Equal("1", await Psql.RunAsync(tables.Connection, Seen));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_commit_fails_and_undoes_where_a_deferred_constraint_is_violated(bool awaits)
    {
        await using var tables = await OwnTables.CreateAsync(server);
        await using var test = await TestTransaction.BeginAsync(tables.Connection);
        await using var nested = await test.Connection.BeginTransactionAsync();
        await Psql.RunAsync(tables.Connection, "insert into parent values (2)", "insert into child values (7)");

        var exception = await Assert.ThrowsAsync<PostgresException>(() => CommitAsync(nested, awaits));

        Assert.Equal(PostgresErrorCodes.ForeignKeyViolation, exception.SqlState);
        Assert.Equal("1", await Psql.RunAsync(tables.Connection, Seen));
    }

    [Fact]
    public async Task Constraints_are_deferred_in_each_transaction_anew()
    {
        await using var tables = await OwnTables.CreateAsync(server);
        await using var test = await TestTransaction.BeginAsync(tables.Connection);

        foreach (var number in new[] { 2, 3 })
        {
            await using var nested = await test.Connection.BeginTransactionAsync();
            await Psql.RunAsync(tables.Connection, $"insert into child values ({number})", $"insert into parent values ({number})");
            await nested.CommitAsync();
        }

        Assert.Equal("1, 2, 3", await Psql.RunAsync(tables.Connection, Seen));
    }

    [Fact]
    public async Task Transactions_may_be_nested_further()
    {
        await using var tables = await OwnTables.CreateAsync(server);
        await using var test = await TestTransaction.BeginAsync(tables.Connection);

        await using (var outer = await test.Connection.BeginTransactionAsync())
        {
            await InsertAsync(test.Connection, 2, outer);
            await using (await test.Connection.BeginTransactionAsync())
                await InsertAsync(test.Connection, 3);
            await outer.CommitAsync();
        }

        Assert.Equal("1, 2", await Psql.RunAsync(tables.Connection, Seen));
    }

    [Fact]
    public async Task A_transaction_ends_with_the_one_around_it()
    {
        await using var tables = await OwnTables.CreateAsync(server);
        await using var test = await TestTransaction.BeginAsync(tables.Connection);
        var outer = await test.Connection.BeginTransactionAsync();
        var inner = await test.Connection.BeginTransactionAsync();
        await outer.RollbackAsync();

        await inner.DisposeAsync();

        await Assert.ThrowsAsync<InvalidOperationException>(() => inner.CommitAsync());
        Assert.Null(inner.Connection);
        Assert.Equal("1", await Psql.RunAsync(tables.Connection, Seen));
    }

    [Fact]
    public async Task A_transaction_ends_but_once()
    {
        await using var tables = await OwnTables.CreateAsync(server);
        await using var test = await TestTransaction.BeginAsync(tables.Connection);
        var nested = await test.Connection.BeginTransactionAsync();
        await nested.CommitAsync();

        await Assert.ThrowsAsync<InvalidOperationException>(() => nested.RollbackAsync());

        Assert.Equal("1", await Psql.RunAsync(tables.Connection, Seen));
    }

    [Fact]
    public async Task A_transaction_has_savepoints_of_its_own()
    {
        await using var tables = await OwnTables.CreateAsync(server);
        await using var test = await TestTransaction.BeginAsync(tables.Connection);
        await using var nested = await test.Connection.BeginTransactionAsync();
        await InsertAsync(test.Connection, 2, nested);
        await nested.SaveAsync("here");
        await InsertAsync(test.Connection, 3, nested);

        await nested.RollbackAsync("here");
        await nested.ReleaseAsync("here");
        await nested.CommitAsync();

        Assert.True(nested.SupportsSavepoints);
        Assert.Equal("1, 2", await Psql.RunAsync(tables.Connection, Seen));
    }

    [Fact]
    public async Task An_isolation_level_that_is_asked_for_is_the_tests()
    {
        await using var tables = await OwnTables.CreateAsync(server);
        await using var test = await TestTransaction.BeginAsync(tables.Connection);

        await using var nested = await test.Connection.BeginTransactionAsync(IsolationLevel.Serializable);

        Assert.Equal(IsolationLevel.ReadCommitted, nested.IsolationLevel);
    }

    [Fact]
    public async Task A_disposal_after_a_commit_behind_its_back_leaves_it_to_the_test_to_tell()
    {
        await using var tables = await OwnTables.CreateAsync(server);
        var test = await TestTransaction.BeginAsync(tables.Connection);
        await using (await test.Connection.BeginTransactionAsync())
            await Psql.RunAsync(tables.Connection, "commit");

        var exception = await Assert.ThrowsAsync<SchemaIsolationException>(async () => await test.DisposeAsync());

        Assert.Equal("SI2009", exception.Code);
    }

    private static async Task InsertAsync(DbConnection connection, int number, DbTransaction? transaction = null)
    {
        await using var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = $"insert into parent values ({number})";
        await command.ExecuteNonQueryAsync();
    }

    private static void Insert(DbConnection connection, int number)
    {
        using var command = connection.CreateCommand();
        command.CommandText = $"insert into parent values ({number})";
        command.ExecuteNonQuery();
    }

    // A commit that is not awaited throws before there is a task.
    private static async Task CommitAsync(DbTransaction transaction, bool awaits)
    {
        if (awaits)
            await transaction.CommitAsync();
        else
            transaction.Commit();
    }
}
