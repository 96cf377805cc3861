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
}
