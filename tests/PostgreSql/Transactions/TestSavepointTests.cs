using Npgsql;
using SchemaIsolation.Testing;

namespace SchemaIsolation.Tests.PostgreSql.Transactions;

public sealed class TestSavepointTests(TestServer server)
{
    private const string Seen = "select n from parent order by 1";

    [Fact]
    public async Task A_test_goes_on_after_a_statement_that_was_to_fail()
    {
        await using var tables = await OwnTables.CreateAsync(server);
        await using var transaction = await TestTransaction.BeginAsync(tables.Connection);
        await Psql.RunAsync(tables.Connection, "insert into parent values (2)");

        await using (await transaction.SaveAsync())
            await Assert.ThrowsAsync<PostgresException>(() => Psql.RunAsync(tables.Connection, "insert into parent values (1)"));

        Assert.Equal("1, 2", await Psql.RunAsync(tables.Connection, Seen));
    }

    [Fact]
    public async Task What_was_done_without_a_failure_is_kept()
    {
        await using var tables = await OwnTables.CreateAsync(server);
        await using var transaction = await TestTransaction.BeginAsync(tables.Connection);

        await using (await transaction.SaveAsync())
            await Psql.RunAsync(tables.Connection, "insert into parent values (2)");

        Assert.Equal("1, 2", await Psql.RunAsync(tables.Connection, Seen));
    }

    [Fact]
    public async Task A_roll_back_can_be_repeated_and_the_test_goes_on()
    {
        await using var tables = await OwnTables.CreateAsync(server);
        await using var transaction = await TestTransaction.BeginAsync(tables.Connection);
        await using var savepoint = await transaction.SaveAsync();

        await Psql.RunAsync(tables.Connection, "insert into parent values (2)");
        await savepoint.RollBackAsync();
        await Assert.ThrowsAsync<PostgresException>(() => Psql.RunAsync(tables.Connection, "insert into parent values (1)"));
        await savepoint.RollBackAsync();
        await Psql.RunAsync(tables.Connection, "insert into parent values (3)");

        Assert.Equal("1, 3", await Psql.RunAsync(tables.Connection, Seen));
    }

    [Fact]
    public async Task Points_may_be_set_within_each_other()
    {
        await using var tables = await OwnTables.CreateAsync(server);
        await using var transaction = await TestTransaction.BeginAsync(tables.Connection);

        await using (await transaction.SaveAsync())
        {
            await Psql.RunAsync(tables.Connection, "insert into parent values (2)");
            await using (await transaction.SaveAsync())
                await Assert.ThrowsAsync<PostgresException>(() => Psql.RunAsync(tables.Connection, "select 1 / 0"));
        }

        Assert.Equal("1, 2", await Psql.RunAsync(tables.Connection, Seen));
    }

    [Fact]
    public async Task A_second_dispose_does_nothing()
    {
        await using var tables = await OwnTables.CreateAsync(server);
        await using var transaction = await TestTransaction.BeginAsync(tables.Connection);
        var savepoint = await transaction.SaveAsync();
        await savepoint.DisposeAsync();

        await savepoint.DisposeAsync();

        Assert.Equal("1", await Psql.RunAsync(tables.Connection, Seen));
    }

    [Theory]
    [InlineData("commit")]
    [InlineData("commit; begin")]
    public async Task A_point_of_a_transaction_that_has_ended_leaves_it_to_that_to_tell(string sql)
    {
        await using var tables = await OwnTables.CreateAsync(server);
        var transaction = await TestTransaction.BeginAsync(tables.Connection);
        await using (await transaction.SaveAsync())
        {
            foreach (var statement in sql.Split("; "))
                await Psql.RunAsync(tables.Connection, statement);
        }

        var exception = await Assert.ThrowsAsync<SchemaIsolationException>(async () => await transaction.DisposeAsync());

        Assert.Equal("SI2009", exception.Code);
    }

    [Fact]
    public async Task A_point_on_a_connection_that_was_closed_leaves_it_to_the_transaction_to_tell()
    {
        await using var tables = await OwnTables.CreateAsync(server);
        var transaction = await TestTransaction.BeginAsync(tables.Connection);
        await using (await transaction.SaveAsync())
            await tables.Connection.CloseAsync();

        var exception = await Assert.ThrowsAsync<SchemaIsolationException>(async () => await transaction.DisposeAsync());

        Assert.Equal("SI2009", exception.Code);
    }
}
