using System.Data;
using System.Data.Common;
using Npgsql;
using SchemaIsolation.Testing;

namespace SchemaIsolation.Tests.PostgreSql.Transactions;

/// <summary>Code under test has the transaction's connection as if it were its own.</summary>
public sealed class EnlistedConnectionTests(TestServer server)
{
    [Fact]
    public async Task A_command_has_parameters_and_runs_in_the_transaction()
    {
        await using var tables = await OwnTables.CreateAsync(server);
        var test = await TestTransaction.BeginAsync(tables.Connection);
        await using var command = test.Connection.CreateCommand();
        command.CommandText = "insert into parent select unnest($1::int[]) returning n";
        var numbers = command.CreateParameter();
        numbers.Value = new[] { 2, 3 };
        command.Parameters.Add(numbers);

        await command.PrepareAsync();
        var first = await command.ExecuteScalarAsync();

        Assert.Equal(2, first);
        Assert.Equal("1, 2, 3", await Psql.RunAsync(tables.Connection, "select n from parent order by 1"));
        await test.DisposeAsync();
        Assert.Equal("1", await tables.CommittedAsync());
    }

    [Fact]
    public async Task A_transaction_scope_around_it_is_refused_as_it_would_roll_back_nothing()
    {
        await using var tables = await OwnTables.CreateAsync(server);
        await using var test = await TestTransaction.BeginAsync(tables.Connection);
        using var scope = new System.Transactions.TransactionScope(System.Transactions.TransactionScopeAsyncFlowOption.Enabled);

        var opened = await Assert.ThrowsAsync<SchemaIsolationException>(() => test.Connection.OpenAsync());
        var enlisted = Assert.Throws<SchemaIsolationException>(() => test.Connection.EnlistTransaction(System.Transactions.Transaction.Current));

        Assert.Equal(("SI2012", "SI2012"), (opened.Code, enlisted.Code));
    }

    // Dapper goes by it: a list is then sent as one array. The sample Tracker.Tests has Dapper do so.
    [Fact]
    public async Task Its_type_has_the_name_of_the_providers()
    {
        await using var tables = await OwnTables.CreateAsync(server);
        await using var test = await TestTransaction.BeginAsync(tables.Connection);

        Assert.Equal("NpgsqlConnection", test.Connection.GetType().Name);
        Assert.IsNotType<NpgsqlConnection>(test.Connection);
    }

    [Fact]
    public async Task Code_may_open_close_and_dispose_it_again_and_again()
    {
        await using var tables = await OwnTables.CreateAsync(server);
        var test = await TestTransaction.BeginAsync(tables.Connection);

        await using (var first = test.Connection)
        {
            await first.OpenAsync();
            await ExecuteAsync(first, "insert into parent values (2)");
            await first.CloseAsync();
        }

        using (var second = test.Connection)
        {
            second.Open();
            await ExecuteAsync(second, "insert into parent values (3)");
            second.Close();
        }

        Assert.Equal(ConnectionState.Open, test.Connection.State);
        Assert.Equal("1, 2, 3", await Psql.RunAsync(tables.Connection, "select n from parent order by 1"));
        await test.DisposeAsync();
        Assert.Equal("1", await tables.CommittedAsync());
    }

    [Fact]
    public async Task A_reader_that_was_to_close_it_does_not()
    {
        await using var tables = await OwnTables.CreateAsync(server);
        await using var test = await TestTransaction.BeginAsync(tables.Connection);
        await using var command = test.Connection.CreateCommand();
        command.CommandText = "select n from parent";

        await using (await command.ExecuteReaderAsync(CommandBehavior.CloseConnection))
        {
        }

        Assert.Equal(ConnectionState.Open, tables.Connection.State);
    }

    [Fact]
    public async Task A_command_is_on_the_connection_that_made_it_and_stays_there()
    {
        await using var tables = await OwnTables.CreateAsync(server);
        await using var test = await TestTransaction.BeginAsync(tables.Connection);
        await using var command = test.Connection.CreateCommand();

        Assert.Same(test.Connection, command.Connection);
        Assert.Throws<InvalidOperationException>(() => command.Connection = tables.Connection);
    }

    [Fact]
    public async Task A_batch_runs_in_the_transaction()
    {
        await using var tables = await OwnTables.CreateAsync(server);
        var test = await TestTransaction.BeginAsync(tables.Connection);
        await using var batch = test.Connection.CreateBatch();
        foreach (var sql in new[] { "insert into parent values (2)", "select count(*) from parent" })
        {
            var command = batch.CreateBatchCommand();
            command.CommandText = sql;
            batch.BatchCommands.Add(command);
        }

        var count = await batch.ExecuteScalarAsync();

        Assert.Equal(2L, count);
        await test.DisposeAsync();
        Assert.Equal("1", await tables.CommittedAsync());
    }

    [Theory]
    [InlineData("vacuum parent")]
    [InlineData("create database another")]
    [InlineData("drop database another")]
    [InlineData("create index concurrently on parent (n)")]
    [InlineData("alter system set work_mem = '8MB'")]
    public async Task A_statement_that_cannot_run_in_a_transaction_is_refused_with_the_reason(string sql)
    {
        await using var tables = await OwnTables.CreateAsync(server);
        await using var test = await TestTransaction.BeginAsync(tables.Connection);

        var exception = await Assert.ThrowsAsync<SchemaIsolationException>(() => ExecuteAsync(test.Connection, sql));

        Assert.Equal("SI2011", exception.Code);
        Assert.StartsWith(
            $"The statement \"{sql}\" cannot run in the transaction of a test. Test it on a connection without TestTransaction, in a lease of its own: 25001: ",
            exception.Reason,
            StringComparison.Ordinal);
        Assert.IsType<PostgresException>(exception.InnerException);
    }

    [Fact]
    public async Task A_refusal_comes_however_the_statement_is_run()
    {
        await using var tables = await OwnTables.CreateAsync(server);
        await using var test = await TestTransaction.BeginAsync(tables.Connection);
        await using var command = test.Connection.CreateCommand();
        command.CommandText = "vacuum";
        await using var batch = test.Connection.CreateBatch();
        var batchCommand = batch.CreateBatchCommand();
        batchCommand.CommandText = "vacuum";
        batch.BatchCommands.Add(batchCommand);

        Func<Task>[] runs =
        [
            () => command.ExecuteNonQueryAsync(),
            () => command.ExecuteScalarAsync(),
            () => command.ExecuteReaderAsync(),
            () => Task.FromResult(command.ExecuteNonQuery()),
            () => Task.FromResult(command.ExecuteScalar()),
            () => Task.FromResult(command.ExecuteReader()),
            () => batch.ExecuteNonQueryAsync(),
            () => batch.ExecuteScalarAsync(),
            () => batch.ExecuteReaderAsync(),
            () => Task.FromResult(batch.ExecuteNonQuery()),
            () => Task.FromResult(batch.ExecuteScalar()),
            () => Task.FromResult(batch.ExecuteReader()),
        ];

        foreach (var run in runs)
        {
            await using (await test.SaveAsync())
                Assert.Equal("SI2011", (await Assert.ThrowsAsync<SchemaIsolationException>(run)).Code);
        }
    }

    [Fact]
    public async Task Another_failure_is_the_providers_own()
    {
        await using var tables = await OwnTables.CreateAsync(server);
        await using var test = await TestTransaction.BeginAsync(tables.Connection);

        await Assert.ThrowsAsync<PostgresException>(() => ExecuteAsync(test.Connection, "insert into parent values (1)"));
    }

    [Fact]
    public async Task Code_that_outlives_its_test_writes_nothing()
    {
        await using var tables = await OwnTables.CreateAsync(server);
        var test = await TestTransaction.BeginAsync(tables.Connection);
        var connection = test.Connection;
        await using var command = connection.CreateCommand();
        command.CommandText = "insert into parent values (2)";
        await test.DisposeAsync();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => command.ExecuteNonQueryAsync());
        Assert.Throws<ObjectDisposedException>(() => connection.CreateCommand());
        Assert.Throws<ObjectDisposedException>(() => connection.Open());
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await connection.BeginTransactionAsync());
        Assert.Equal(ConnectionState.Closed, connection.State);
        Assert.Equal("1", await tables.CommittedAsync());
    }

    [Fact]
    public async Task It_says_where_it_leads_and_stays_there()
    {
        await using var tables = await OwnTables.CreateAsync(server);
        await using var test = await TestTransaction.BeginAsync(tables.Connection);

        Assert.Equal(tables.Connection.Database, test.Connection.Database);
        Assert.Equal(tables.Connection.DataSource, test.Connection.DataSource);
        Assert.Equal(tables.Connection.ServerVersion, test.Connection.ServerVersion);
        Assert.Equal(tables.Connection.ConnectionString, test.Connection.ConnectionString);
        Assert.Throws<InvalidOperationException>(() => test.Connection.ConnectionString = "Host=elsewhere");
        Assert.Throws<InvalidOperationException>(() => test.Connection.ChangeDatabase("postgres"));
    }

    private static async Task ExecuteAsync(DbConnection connection, string sql)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync();
    }
}
