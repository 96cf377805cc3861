using System.Data;
using Npgsql;
using SchemaIsolation.Testing;

namespace SchemaIsolation.Tests.PostgreSql.Transactions;

/// <summary>What the code under test does behind its test's back is found out.</summary>
public sealed class EndedTransactionTests(TestServer server)
{
    [Theory]
    [InlineData("commit")]
    [InlineData("rollback")]
    [InlineData("commit; begin")]
    [InlineData("rollback; begin")]
    [InlineData("commit; begin; insert into parent values (9)")]
    [InlineData("commit; begin; insert into child values (9)")]
    [InlineData("commit and chain")]
    [InlineData("rollback and chain")]
    public async Task An_end_by_statement_is_told_with_the_test_and_leaves_no_transaction(string sql)
    {
        await using var tables = await OwnTables.CreateAsync(server);
        var transaction = await TestTransaction.BeginAsync(tables.Connection);
        foreach (var statement in sql.Split("; "))
            await Psql.RunAsync(tables.Connection, statement);

        var exception = await Assert.ThrowsAsync<SchemaIsolationException>(async () => await transaction.DisposeAsync());

        Assert.Equal("SI2009", exception.Code);
        Assert.Equal(
            "The code under test of \"EndedTransactionTests.An_end_by_statement_is_told_with_the_test_and_leaves_no_transaction\" ended the transaction of its test: it committed, rolled back or closed the connection, so what the test wrote may have stayed. Give code with transactions of its own the TestTransaction's Connection, or a lease of its own.",
            exception.Reason);
        await using var own = await tables.Connection.BeginTransactionAsync();
        Assert.Equal("1", await Psql.RunAsync(tables.Connection, "select n from parent"));
    }

    [Fact]
    public async Task A_commit_of_a_failed_transaction_is_an_end_as_well()
    {
        await using var tables = await OwnTables.CreateAsync(server);
        var transaction = await TestTransaction.BeginAsync(tables.Connection);
        await Assert.ThrowsAsync<PostgresException>(() => Psql.RunAsync(tables.Connection, "select 1 / 0"));
        await Psql.RunAsync(tables.Connection, "commit");

        await AssertIsToldAsync(transaction);
    }

    [Fact]
    public async Task A_statement_that_fails_in_a_transaction_begun_behind_its_back_does_not_hide_it()
    {
        await using var tables = await OwnTables.CreateAsync(server);
        var transaction = await TestTransaction.BeginAsync(tables.Connection);
        await Psql.RunAsync(tables.Connection, "commit");
        await Psql.RunAsync(tables.Connection, "begin");
        await Assert.ThrowsAsync<PostgresException>(() => Psql.RunAsync(tables.Connection, "select 1 / 0"));

        await AssertIsToldAsync(transaction);
    }

    [Fact]
    public async Task A_commit_of_the_providers_transaction_is_told()
    {
        await using var tables = await OwnTables.CreateAsync(server);
        var transaction = await TestTransaction.BeginAsync(tables.Connection);
        await Psql.RunAsync(tables.Connection, "insert into parent values (2)");
        await transaction.Transaction.CommitAsync();

        await AssertIsToldAsync(transaction);
        Assert.Equal("1, 2", await tables.CommittedAsync());
    }

    [Fact]
    public async Task Code_that_goes_on_after_its_end_writes_nothing_more()
    {
        await using var tables = await OwnTables.CreateAsync(server);
        var transaction = await TestTransaction.BeginAsync(tables.Connection);
        await transaction.Transaction.CommitAsync();

        Assert.Throws<InvalidOperationException>(() => transaction.Connection.CreateCommand());
        await Assert.ThrowsAsync<PostgresException>(async () => await transaction.Connection.BeginTransactionAsync());
        await Assert.ThrowsAsync<PostgresException>(() => transaction.SaveAsync());

        await AssertIsToldAsync(transaction);
    }

    [Fact]
    public async Task A_disposal_of_the_providers_transaction_is_told()
    {
        await using var tables = await OwnTables.CreateAsync(server);
        var transaction = await TestTransaction.BeginAsync(tables.Connection);
        await transaction.Transaction.DisposeAsync();

        await AssertIsToldAsync(transaction);
    }

    [Fact]
    public async Task A_commit_of_the_providers_transaction_and_another_after_it_is_told_and_the_other_rolled_back()
    {
        await using var tables = await OwnTables.CreateAsync(server);
        var transaction = await TestTransaction.BeginAsync(tables.Connection);
        await transaction.Transaction.CommitAsync();
        await tables.Connection.BeginTransactionAsync();
        await Psql.RunAsync(tables.Connection, "insert into parent values (2)");

        await AssertIsToldAsync(transaction);
        Assert.Equal("1", await Psql.RunAsync(tables.Connection, "select n from parent"));
    }

    [Fact]
    public async Task A_close_of_the_connection_is_told()
    {
        await using var tables = await OwnTables.CreateAsync(server);
        var transaction = await TestTransaction.BeginAsync(tables.Connection);
        await tables.Connection.CloseAsync();

        await AssertIsToldAsync(transaction);
    }

    [Fact]
    public async Task A_disposal_of_the_connection_is_told()
    {
        await using var tables = await OwnTables.CreateAsync(server);
        var transaction = await TestTransaction.BeginAsync(tables.Connection);
        await tables.Connection.DisposeAsync();

        await AssertIsToldAsync(transaction);
    }

    [Fact]
    public async Task A_connection_that_was_closed_and_opened_again_is_told_and_stays_open()
    {
        await using var tables = await OwnTables.CreateAsync(server);
        var transaction = await TestTransaction.BeginAsync(tables.Connection);
        await tables.Connection.CloseAsync();
        await tables.Connection.OpenAsync();
        await Psql.RunAsync(tables.Connection, "insert into parent values (2)");

        await AssertIsToldAsync(transaction);
        Assert.Equal(ConnectionState.Open, tables.Connection.State);
        Assert.Equal("1, 2", await tables.CommittedAsync());
    }

    [Fact]
    public async Task A_connection_that_the_server_ended_is_told()
    {
        await using var tables = await OwnTables.CreateAsync(server);
        var transaction = await TestTransaction.BeginAsync(tables.Connection);
        await Psql.RunAsync(tables.ConnectionString, $"select pg_terminate_backend({tables.Connection.ProcessID}, 10000)");

        await AssertIsToldAsync(transaction);
    }

    [Fact]
    public async Task What_a_body_threw_after_an_end_is_within_what_is_told()
    {
        await using var tables = await OwnTables.CreateAsync(server);
        var thrown = new InvalidDataException("Mine.");

        var exception = await Assert.ThrowsAsync<SchemaIsolationException>(() => TestTransaction.RunAsync(tables.Connection, async _ =>
        {
            await Psql.RunAsync(tables.Connection, "commit");
            throw thrown;
        }));

        Assert.Equal("SI2009", exception.Code);
        Assert.Same(thrown, exception.InnerException);
    }

    private static async Task AssertIsToldAsync(TestTransaction transaction)
    {
        var exception = await Assert.ThrowsAsync<SchemaIsolationException>(async () => await transaction.DisposeAsync());

        Assert.Equal("SI2009", exception.Code);
    }
}
