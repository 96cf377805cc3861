using SchemaIsolation.Keeper.Postgres;
using Xunit;

namespace SchemaIsolation.Tests.PostgreSql.Postgres;

public sealed class PasswordTests(PasswordServer server) : IClassFixture<PasswordServer>
{
    [Fact]
    public async Task The_right_password_opens()
    {
        await using var postgres = await PostgresServer.ConnectAsync(server.As("alice", "correct horse"), "postgres", CancellationToken.None);

        Assert.Equal("alice", postgres.Description.Role);
    }

    [Fact]
    public async Task A_wrong_password_is_refused_and_never_printed()
    {
        var exception = await Assert.ThrowsAsync<SchemaIsolationException>(
            () => PostgresServer.ConnectAsync(server.As("alice", "battery staple"), "postgres", CancellationToken.None));

        Assert.Equal("SI1102", exception.Code);
        Assert.Equal(
            $"The server at \"{server.Directory}\" refused the role \"alice\". Correct the user name and password in Server, or the server's pg_hba.conf: password authentication failed for user \"alice\"",
            exception.Reason);
        Assert.DoesNotContain("battery", exception.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_missing_password_is_said_to_be_missing()
    {
        var exception = await Assert.ThrowsAsync<SchemaIsolationException>(
            () => PostgresServer.ConnectAsync(server.As("alice"), "postgres", CancellationToken.None));

        Assert.Equal("SI1102", exception.Code);
        Assert.Contains($"The server at \"{server.Directory}\" asks role \"alice\" for a password, and none is configured.", exception.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_role_that_the_server_rejects_is_refused()
    {
        var exception = await Assert.ThrowsAsync<SchemaIsolationException>(
            () => PostgresServer.ConnectAsync(server.As("banned", "any"), "postgres", CancellationToken.None));

        Assert.Equal("SI1102", exception.Code);
        Assert.Contains("pg_hba.conf rejects connection for host \"[local]\", user \"banned\"", exception.Reason, StringComparison.Ordinal);
    }
}
