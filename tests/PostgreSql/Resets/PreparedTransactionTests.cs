using SchemaIsolation.Keeper.Postgres;
using SchemaIsolation.Keeper.Sweeping;
using SchemaIsolation.Testing;
using SchemaIsolation.Tests.PostgreSql.Sessions;
using Xunit;

namespace SchemaIsolation.Tests.PostgreSql.Resets;

public sealed class PreparedTransactionTests(PreparingServer server) : IClassFixture<PreparingServer>
{
    [Fact]
    public async Task A_transaction_that_waits_for_its_commit_is_named()
    {
        await using var used = await ResetCase.CreateAsync(server.Postgres, "create table t (n int)", "insert into t values (1)");
        await used.UseAsync("begin", "insert into t values (2)", "prepare transaction 'x'");

        var reason = await used.ResetAsync();

        Assert.Equal("it changed what pg_prepared_xacts lists", reason);
        await used.UseAsync("rollback prepared 'x'");
    }

    [Fact]
    public async Task A_transaction_that_a_test_has_prepared_and_left_goes_with_its_session()
    {
        using var project = new ProjectDirectory().Migration("1.sql", "create table t (n int)");
        var session = RunningSession.Start(project.Configure(server.Postgres.Address, ("Reuse", "Fenced")));
        await using (var lease = await session.LeaseAsync())
            await Psql.RunAsync(lease.ConnectionString, "begin", "insert into t values (2)", "prepare transaction 'it''s left'");

        await session.AssertEndsWithNothingLeftAsync(server.Postgres.Address);
    }

    [Fact]
    public async Task A_transaction_that_a_dead_session_s_test_has_prepared_is_swept()
    {
        var name = DatabaseName.ForSlot(SessionId.New(), 1);
        await server.Postgres.CreateDatabaseAsync(name, template: null, CancellationToken.None);
        await Psql.RunAsync(server.Postgres.Address, name, "create table t (n int)", "begin", "insert into t values (2)", "prepare transaction 'dead'");

        var swept = await LeftoverSweep.RunAsync(server.Postgres, isDryRun: false, CancellationToken.None);

        Assert.Contains(name.ToString(), swept.Dropped);
    }
}
