using Npgsql;
using SchemaIsolation.Keeper.Postgres;
using SchemaIsolation.Testing;
using SchemaIsolation.Wire;
using Xunit;

namespace SchemaIsolation.Tests.PostgreSql.Sessions;

/// <summary>Tests that have fewer rights than the keeper.</summary>
public sealed class TestRoleTests(TestServer server)
{
    private static readonly string Migration = "create table open (n int); create table closed (n int); grant select, insert on open to {0}; insert into open values (1)";

    [Theory]
    [InlineData("app_1", "Auto", "Fenced")]
    [InlineData("app_2", "Database", "Warm")]
    [InlineData("app_3", "Auto", "Never")]
    [InlineData("odd \"role\"; drop \\ it", "Auto", "Fenced")]
    public async Task A_test_may_do_what_was_granted_and_no_more(string role, string isolation, string reuse)
    {
        await Psql.RunAsync(server.Address, "postgres", Sql.CreateRole(role));
        using var project = new ProjectDirectory().Migration("1.sql", Grant(role));
        await using var session = RunningSession.Start(project.Configure(server.Address, ("TestRole", role), ("Isolation", isolation), ("Reuse", reuse)));

        for (var i = 0; i < 3; i++)
        {
            await using var lease = await session.LeaseAsync();
            await using var source = NpgsqlDataSource.Create(lease.ConnectionString);
            await using (var first = await source.OpenConnectionAsync())
                Assert.Equal($"1, {role}|off", await Psql.RunAsync(first, "select n from open", "insert into open values (2)", "select current_user::text, current_setting('is_superuser')"));
            await using var pooled = await source.OpenConnectionAsync(); // After a DISCARD ALL.
            var refusal = await Assert.ThrowsAsync<PostgresException>(() => Psql.RunAsync(pooled, "select n from closed"));
            Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, refusal.SqlState);
        }

        await session.AssertEndsWithNothingLeftAsync(server.Address);
    }

    [Fact]
    public async Task A_role_that_is_not_there_is_made_without_rights()
    {
        using var project = new ProjectDirectory().Migration("1.sql", Grant("app_made"));
        await using var session = RunningSession.Start(project.Configure(server.Address, ("TestRole", "app_made")));

        await using var lease = await session.LeaseAsync(LeaseKind.Database);

        Assert.Equal("app_made", await Psql.RunAsync(lease.ConnectionString, "select current_user::text"));
        Assert.Equal("False|False|False|False", await Psql.RunAsync(server.Address, "postgres", "select rolcanlogin, rolsuper, rolcreatedb, rolcreaterole from pg_roles where rolname = 'app_made'"));
    }

    [Fact]
    public async Task A_keeper_that_is_no_superuser_makes_the_role_where_it_may()
    {
        await Psql.RunAsync(server.Address, "postgres", "create role role_maker login createdb createrole");
        using var project = new ProjectDirectory().Migration("1.sql", Grant("app_of_maker"));
        await using var session = RunningSession.Start(project.Configure(ServerAddress.ForSocket(server.Address.Host, "role_maker"), ("TestRole", "app_of_maker")));

        await using var lease = await session.LeaseAsync();

        Assert.Equal("1, app_of_maker", await Psql.RunAsync(lease.ConnectionString, "select n from open", "select current_user::text"));
    }

    [Fact]
    public async Task Code_that_makes_its_own_tables_keeps_the_keepers_rights()
    {
        using var project = new ProjectDirectory();
        await using var session = RunningSession.Start(project.Configure(server.Address, ("TestRole", "app_empty")));

        await using var lease = await session.LeaseAsync(LeaseKind.Schema, LeaseContent.Empty);

        Assert.Equal("postgres", await Psql.RunAsync(lease.ConnectionString, "create table t (n int)", "select current_user::text"));
    }

    [Theory]
    [InlineData("create role app_super superuser", "app_super", "postgres", "The role \"app_super\" is a superuser, for whom no grant matters. Name another in TestRole, or leave it out.")]
    [InlineData("create role app_foreign; create role plain_1 login createdb", "app_foreign", "plain_1", "The role \"app_foreign\" is not one that \"plain_1\" may act as. Run \"grant \"app_foreign\" to \"plain_1\"\" as a superuser.")]
    [InlineData("create role plain_2 login createdb", "app_absent", "plain_2", "The role \"app_absent\" does not exist and cannot be made by \"plain_2\".")]
    public async Task A_role_that_cannot_serve_is_refused(string setUp, string role, string keeper, string reason)
    {
        await Psql.RunAsync(server.Address, "postgres", setUp.Split("; "));
        using var project = new ProjectDirectory().Migration("1.sql", "create table t (n int)");
        await using var session = RunningSession.Start(project.Configure(ServerAddress.ForSocket(server.Address.Host, keeper), ("TestRole", role)));

        var refusal = await Assert.ThrowsAsync<SchemaIsolationException>(() => session.LeaseAsync());

        Assert.Equal("SI1111", refusal.Code);
        Assert.StartsWith(reason, refusal.Reason, StringComparison.Ordinal);
    }

    private static string Grant(string role) => Migration.Replace("{0}", Identifier.Quote(role), StringComparison.Ordinal);
}
