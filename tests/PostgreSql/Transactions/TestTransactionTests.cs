using System.Data;
using Npgsql;
using SchemaIsolation.Testing;

namespace SchemaIsolation.Tests.PostgreSql.Transactions;

public sealed class TestTransactionTests(TestServer server)
{
    [Fact]
    public async Task What_a_test_did_is_rolled_back()
    {
        await using var tables = await OwnTables.CreateAsync(server);
        var transaction = await TestTransaction.BeginAsync(tables.Connection);
        await Psql.RunAsync(tables.Connection, "insert into parent values (2)", "delete from parent where n = 1", "create table mine (n int)");

        await transaction.DisposeAsync();

        Assert.Equal("1", await tables.CommittedAsync());
        Assert.Equal("0", await Psql.RunAsync(tables.Connection, "select count(*) from pg_class where relname = 'mine'"));
    }

    [Fact]
    public async Task A_test_sees_what_it_did()
    {
        await using var tables = await OwnTables.CreateAsync(server);
        await using var transaction = await TestTransaction.BeginAsync(tables.Connection);

        await Psql.RunAsync(tables.Connection, "insert into parent values (2)");

        Assert.Equal("1, 2", await Psql.RunAsync(tables.Connection, "select n from parent order by 1"));
        Assert.Equal("1", await tables.CommittedAsync());
    }

    [Fact]
    public async Task A_closed_connection_is_opened_and_closed_again()
    {
        await using var tables = await OwnTables.CreateAsync(server);
        await using var connection = new NpgsqlConnection(tables.ConnectionString);

        var transaction = await TestTransaction.BeginAsync(connection);
        var during = connection.State;
        await transaction.DisposeAsync();

        Assert.Equal(ConnectionState.Open, during);
        Assert.Equal(ConnectionState.Closed, connection.State);
    }

    [Fact]
    public async Task An_open_connection_stays_open_for_the_next_transaction()
    {
        await using var tables = await OwnTables.CreateAsync(server);
        await using (await TestTransaction.BeginAsync(tables.Connection))
            await Psql.RunAsync(tables.Connection, "insert into parent values (2)");

        await using (await TestTransaction.BeginAsync(tables.Connection))
            await Psql.RunAsync(tables.Connection, "insert into parent values (2)");

        Assert.Equal(ConnectionState.Open, tables.Connection.State);
        Assert.Equal("1", await tables.CommittedAsync());
    }

    [Fact]
    public async Task A_connection_in_a_transaction_is_refused_and_keeps_it()
    {
        await using var tables = await OwnTables.CreateAsync(server);
        await using var own = await tables.Connection.BeginTransactionAsync();
        await Psql.RunAsync(tables.Connection, "insert into parent values (2)");

        await Assert.ThrowsAsync<InvalidOperationException>(() => TestTransaction.BeginAsync(tables.Connection));

        await own.CommitAsync();
        Assert.Equal("1, 2", await tables.CommittedAsync());
    }

    [Fact]
    public async Task A_connection_that_cannot_be_opened_is_left_closed()
    {
        await using var connection = new NpgsqlConnection(server.Address.For("no_such_database").ConnectionString);

        var exception = await Assert.ThrowsAsync<PostgresException>(() => TestTransaction.BeginAsync(connection));

        Assert.Equal(PostgresErrorCodes.InvalidCatalogName, exception.SqlState);
        Assert.Equal(ConnectionState.Closed, connection.State);
    }

    [Fact]
    public async Task A_second_dispose_does_nothing()
    {
        await using var tables = await OwnTables.CreateAsync(server);
        var transaction = await TestTransaction.BeginAsync(tables.Connection);
        await transaction.DisposeAsync();
        await Psql.RunAsync(tables.Connection, "begin", "insert into parent values (2)");

        await transaction.DisposeAsync();

        await Psql.RunAsync(tables.Connection, "commit");
        Assert.Equal("1, 2", await tables.CommittedAsync());
    }

    [Fact]
    public async Task A_statement_that_failed_is_rolled_back_in_silence()
    {
        await using var tables = await OwnTables.CreateAsync(server);
        var transaction = await TestTransaction.BeginAsync(tables.Connection);
        await Psql.RunAsync(tables.Connection, "insert into parent values (2)");
        await Assert.ThrowsAsync<PostgresException>(() => Psql.RunAsync(tables.Connection, "insert into parent values (1)"));

        await transaction.DisposeAsync();

        Assert.Equal("1", await Psql.RunAsync(tables.Connection, "select n from parent"));
    }

    [Fact]
    public async Task A_violation_of_a_deferred_constraint_is_seen_and_rolled_back()
    {
        await using var tables = await OwnTables.CreateAsync(server);
        var transaction = await TestTransaction.BeginAsync(tables.Connection);
        await Psql.RunAsync(tables.Connection, "insert into parent values (2)", "insert into child values (7)");

        var exception = await Assert.ThrowsAsync<PostgresException>(async () => await transaction.DisposeAsync());

        Assert.Equal(PostgresErrorCodes.ForeignKeyViolation, exception.SqlState);
        Assert.Equal("1|0", await Psql.RunAsync(tables.Connection, "select n, (select count(*) from child) from parent"));
    }

    [Fact]
    public async Task A_violation_that_was_mended_in_time_is_none()
    {
        await using var tables = await OwnTables.CreateAsync(server);
        var transaction = await TestTransaction.BeginAsync(tables.Connection);
        await Psql.RunAsync(tables.Connection, "insert into child values (7)", "insert into parent values (7)");

        await transaction.DisposeAsync();

        Assert.Equal("1", await tables.CommittedAsync());
    }

    [Fact]
    public async Task A_reader_left_open_is_complained_of_and_all_is_rolled_back()
    {
        await using var tables = await OwnTables.CreateAsync(server);
        var transaction = await TestTransaction.BeginAsync(tables.Connection);
        await Psql.RunAsync(tables.Connection, "insert into parent values (2)");
        await using var command = new NpgsqlCommand("select generate_series(1, 100000)", tables.Connection);
        var reader = await command.ExecuteReaderAsync();
        await reader.ReadAsync();

        await Assert.ThrowsAsync<NpgsqlOperationInProgressException>(async () => await transaction.DisposeAsync());

        Assert.Equal("1", await Psql.RunAsync(tables.Connection, "select n from parent"));
    }

    [Fact]
    public async Task Tests_have_their_transactions_at_once()
    {
        await using var tables = await OwnTables.CreateAsync(server);

        var seen = await Task.WhenAll(Enumerable.Range(2, 8).Select(number => InsertAsync(tables, number)));

        Assert.Equal(["1, 2", "1, 3", "1, 4", "1, 5", "1, 6", "1, 7", "1, 8", "1, 9"], seen);
        Assert.Equal("1", await tables.CommittedAsync());
    }

    [Fact]
    public async Task A_transaction_may_be_begun_within_another()
    {
        await using var tables = await OwnTables.CreateAsync(server);
        await using var outer = await TestTransaction.BeginAsync(tables.Connection);
        await Psql.RunAsync(tables.Connection, "insert into parent values (2)");
        await using (await TestTransaction.BeginAsync(outer.Connection))
            await Psql.RunAsync(tables.Connection, "insert into parent values (3)", "insert into child values (3)");

        var seen = await Psql.RunAsync(tables.Connection, "select n from parent order by 1");

        Assert.Equal("1, 2", seen);
    }

    [Fact]
    public async Task A_body_that_throws_is_rolled_back_and_its_exception_is_unchanged()
    {
        await using var tables = await OwnTables.CreateAsync(server);
        var thrown = new InvalidDataException("Mine.");

        var exception = await Record.ExceptionAsync(() => TestTransaction.RunAsync(tables.Connection, async _ =>
        {
            await Psql.RunAsync(tables.Connection, "insert into parent values (2)", "insert into child values (7)");
            throw thrown;
        }));

        Assert.Same(thrown, exception);
        Assert.Equal("1", await tables.CommittedAsync());
    }

    [Fact]
    public async Task A_body_that_returns_is_rolled_back_and_its_constraints_are_looked_at()
    {
        await using var tables = await OwnTables.CreateAsync(server);

        var exception = await Assert.ThrowsAsync<PostgresException>(() => TestTransaction.RunAsync(
            tables.Connection, _ => Psql.RunAsync(tables.Connection, "insert into parent values (2)", "insert into child values (7)")));

        Assert.Equal(PostgresErrorCodes.ForeignKeyViolation, exception.SqlState);
        Assert.Equal("1", await tables.CommittedAsync());
    }

    private static async Task<string> InsertAsync(OwnTables tables, int number)
    {
        await using var connection = new NpgsqlConnection(tables.ConnectionString + ";Pooling=false");
        await using var transaction = await TestTransaction.BeginAsync(connection);
        return await Psql.RunAsync(connection, $"insert into parent values ({number})", "select n from parent order by 1");
    }
}
