using SchemaIsolation.Keeper.Postgres;
using SchemaIsolation.Testing;
using SchemaIsolation.Tests.PostgreSql.Sessions;
using Xunit;

namespace SchemaIsolation.Tests.PostgreSql.Remote;

[Trait("Version", "Any")]
public sealed class RemoteLeaseTests(PlainServer server) : IClassFixture<PlainServer>
{
    private const string Times = "select current_setting('tcp_keepalives_idle'), current_setting('tcp_keepalives_interval'), current_setting('tcp_keepalives_count'), current_setting('tcp_user_timeout')";

    [Theory]
    [InlineData("", "15|5|3|30000")]
    [InlineData("Options=-c tcp_keepalives_idle=99", "99|5|3|30000")]
    public async Task The_server_is_asked_to_notice_soon_that_a_test_is_gone_unless_the_user_says_when(string keywords, string times)
    {
        using var project = new ProjectDirectory().Migration("1.sql", "create table t (n int)");
        await using var session = RunningSession.Start(project.Configure(server: null, ("Server", server.KeywordsOf("postgres", keywords))));

        await using var lease = await session.LeaseAsync();

        Assert.Equal(times, await Psql.RunAsync(lease.ConnectionString, Times));
        Assert.Equal("t", await Psql.RunAsync(lease.ConnectionString, "select tablename from pg_tables where schemaname = current_schema()"));
    }

    [Fact]
    public async Task On_the_same_machine_nobody_is_asked()
    {
        using var project = new ProjectDirectory().Migration("1.sql", "create table t (n int)");
        await using var session = RunningSession.Start(project.Configure(server.Superuser));

        await using var lease = await session.LeaseAsync();

        Assert.DoesNotContain("keepalives", lease.ConnectionString, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("SSL Mode=Require", "Require")]
    [InlineData("SSL Mode=VerifyFull", "VerifyFull")]
    public async Task A_server_that_has_no_tls_is_said_to_have_none(string keywords, string mode)
    {
        var exception = await Assert.ThrowsAsync<SchemaIsolationException>(() => PostgresServer.ConnectAsync(server.As("postgres", keywords), "postgres", CancellationToken.None));

        Assert.Equal("SI1123", exception.Code);
        Assert.Equal(
            $"The server at \"{server.Host}:{server.Port}\" has no TLS, and SSL Mode is \"{mode}\". Set ssl=on in the server's configuration, or SSL Mode=Prefer in Server where the way to it is safe.",
            exception.Reason);
    }
}
