using SchemaIsolation.Keeper.Postgres;
using SchemaIsolation.Testing;
using Xunit;

namespace SchemaIsolation.Tests.PostgreSql.Postgres;

public sealed class ConnectTests(TestServer server)
{
    [Fact]
    public async Task A_usable_server_describes_itself()
    {
        await using var postgres = await PostgresServer.ConnectAsync(server.Address, "postgres", CancellationToken.None);

        Assert.Equal(await Psql.RunAsync(server.Address, "postgres", "show server_version"), postgres.Description.Version);
        Assert.Equal(await Psql.RunAsync(server.Address, "postgres", "select current_setting('server_version_num')::int / 10000"), $"{postgres.Description.MajorVersion}");
        Assert.False(postgres.Description.IsDurable);
        Assert.True(postgres.Description.CanCreateDatabases);
        Assert.Equal("postgres", postgres.Description.Role);
    }

    [Theory]
    [InlineData("Host=127.0.0.1;Port=1;Username=u;Password=hidden", "\"127.0.0.1:1\"")]
    [InlineData("Host=/nowhere/at/all;Username=u;Password=hidden", "\"/nowhere/at/all\"")]
    [InlineData("Host=no-such-host.invalid;Username=u;Password=hidden", "\"no-such-host.invalid:5432\"")]
    public async Task A_server_that_cannot_be_reached_is_named(string address, string named)
    {
        var exception = await Assert.ThrowsAsync<SchemaIsolationException>(
            () => PostgresServer.ConnectAsync(ServerAddress.Parse(address), "postgres", CancellationToken.None));

        Assert.Equal("SI1101", exception.Code);
        Assert.StartsWith($"The server at {named} cannot be reached. Start it, correct Server, or leave Server out to use the embedded one: ", exception.Reason, StringComparison.Ordinal);
        Assert.DoesNotContain("hidden", exception.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_role_that_may_not_create_databases_is_refused()
    {
        await Psql.RunAsync(server.Address, "postgres", "create role \"No Creator\" login");

        var exception = await Assert.ThrowsAsync<SchemaIsolationException>(
            () => PostgresServer.ConnectAsync(ServerAddress.ForSocket(server.Address.Host, "No Creator"), "postgres", CancellationToken.None));

        Assert.Equal("SI1103", exception.Code);
        Assert.Equal(
            $"The role \"No Creator\" may not create databases on \"{server.Address.Host}\". Run \"alter role \"No Creator\" createdb\" as a superuser, name another role in Server, or name in SharedDatabase a database in which it may create schemas.",
            exception.Reason);
    }

    [Fact]
    public async Task A_role_that_may_create_databases_needs_not_be_superuser()
    {
        await Psql.RunAsync(server.Address, "postgres", "create role creator login createdb");

        await using var postgres = await PostgresServer.ConnectAsync(ServerAddress.ForSocket(server.Address.Host, "creator"), "postgres", CancellationToken.None);

        Assert.True(postgres.Description.CanCreateDatabases);
    }

    [Fact]
    public async Task A_role_that_does_not_exist_is_refused()
    {
        var exception = await Assert.ThrowsAsync<SchemaIsolationException>(
            () => PostgresServer.ConnectAsync(ServerAddress.ForSocket(server.Address.Host, "nobody here"), "postgres", CancellationToken.None));

        Assert.Equal("SI1102", exception.Code);
        Assert.Equal(
            $"The server at \"{server.Address.Host}\" refused the role \"nobody here\". Correct the user name and password in Server, or the server's pg_hba.conf: role \"nobody here\" does not exist",
            exception.Reason);
    }

    [Fact]
    public async Task A_maintenance_database_that_is_missing_is_named()
    {
        var exception = await Assert.ThrowsAsync<SchemaIsolationException>(
            () => PostgresServer.ConnectAsync(server.Address, "no such database", CancellationToken.None));

        Assert.Equal("SI1107", exception.Code);
        Assert.Equal(
            $"The server at \"{server.Address.Host}\" has no database \"no such database\" to connect to. Set MaintenanceDatabase, or SharedDatabase where you use that, to one that exists.",
            exception.Reason);
    }

    [Fact]
    public async Task Giving_up_is_no_failure_of_the_server()
    {
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => PostgresServer.ConnectAsync(server.Address, "postgres", new CancellationToken(canceled: true)));
    }
}
