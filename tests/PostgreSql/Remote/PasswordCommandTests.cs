using Npgsql;
using SchemaIsolation.Keeper.Configuration;
using SchemaIsolation.Keeper.Postgres;
using SchemaIsolation.Keeper.Reporting;
using SchemaIsolation.Keeper.Sessions;
using SchemaIsolation.Testing;
using SchemaIsolation.Tests.PostgreSql.Sessions;
using Xunit;

namespace SchemaIsolation.Tests.PostgreSql.Remote;

[Trait("Version", "Any")]
public sealed class PasswordCommandTests(TokenServer server) : IClassFixture<TokenServer>
{
    private const string WhoAmI = "select current_user::text";

    [Fact]
    public async Task What_it_prints_first_lets_in_the_keeper_the_tests_and_who_reads_variables()
    {
        await CreateRoleAsync("printed", "co;rrect' ho\"rse");
        using var project = new ProjectDirectory().Migration("1.sql", "create table t (n int)").File("secret", "co;rrect' ho\"rse\r\nand more\n");
        await using var session = RunningSession.Start(Configure(project, "printed", "cat secret"));
        await session.WaitUntilTestsMayStartAsync();

        await using var lease = await session.LeaseAsync();

        Assert.Equal("printed", await Psql.RunAsync(lease.ConnectionString, WhoAmI));
        Assert.Equal("printed", await Psql.RunAsync(ServerAddress.Parse(session.Variable("DATABASE_URL")!), lease.Database, WhoAmI));
        var report = Path.Combine(project.Path, SessionReport.FileName);
        await (await session.EndAsync()).WriteAsync(report);
        Assert.DoesNotContain("rrect", await File.ReadAllTextAsync(report), StringComparison.Ordinal);
        await session.AssertEndsWithNothingLeftAsync(server.Superuser);
    }

    [Fact]
    public async Task It_is_told_for_whom()
    {
        await CreateRoleAsync("told", $"{server.Host} {server.Port} told");
        using var project = new ProjectDirectory().Migration("1.sql", "create table t (n int)");
        await using var session = RunningSession.Start(project.Configure(
            server: null, ("Server", $"Host={server.Host}:{server.Port};Username=told"), ("PasswordCommand", "echo {Host} {Port} {Username}")));

        await using var lease = await session.LeaseAsync();

        Assert.Equal("told", await Psql.RunAsync(lease.ConnectionString, WhoAmI));
    }

    [Fact]
    public async Task It_is_asked_again_when_the_server_refuses_what_it_printed()
    {
        await CreateRoleAsync("expiring", "first");
        using var project = new ProjectDirectory().Migration("1.sql", "create table t (n int)").File("secret", "first");
        await using var session = RunningSession.Start(Configure(project, "expiring", "cat secret"));
        await (await session.LeaseAsync()).DisposeAsync();
        project.File("secret", "second");
        await Psql.RunAsync(server.Superuser, "postgres", "alter role expiring password 'second'", "select count(pg_terminate_backend(pid)) from pg_stat_activity where usename = 'expiring'");

        // It is not asked twice in a second, and not before the keeper itself is refused.
        await Eventually.TrueAsync(() => IsLetInAsync(session));

        await session.AssertEndsWithNothingLeftAsync(server.Superuser);
    }

    [Theory]
    [InlineData("no-such-program --flag", "SI1121", "The PasswordCommand \"no-such-program\" cannot be started in \"DIRECTORY\". Name a program that is there or on the PATH: ")]
    [InlineData("sh -c 'echo horse; echo why not >&2; echo for horse >&2; exit 3'", "SI1122", "ended with exit code 3. Run it by hand, and correct it or what it needs: why not | for ***")]
    [InlineData("sh -c 'echo; echo horse'", "SI1122", "printed no password on the first line of its standard output. Run it by hand, and correct it or what it needs: it wrote nothing to its standard error.")]
    [InlineData("false", "SI1122", "ended with exit code 1.")]
    public async Task Why_it_gives_none_is_told_to_every_lease(string command, string code, string reason)
    {
        using var project = new ProjectDirectory().Migration("1.sql", "create table t (n int)");
        await using var session = RunningSession.Start(Configure(project, "nobody", command));

        var exception = await Assert.ThrowsAsync<SchemaIsolationException>(() => session.LeaseAsync());

        Assert.Equal(code, exception.Code);
        Assert.Contains(reason.Replace("DIRECTORY", project.Path, StringComparison.Ordinal), exception.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_that_does_not_end_is_ended()
    {
        var program = new PasswordProgram("sh -c 'sleep 1000 & sleep 1000'", "/", server.As("nobody"), TimeSpan.FromMilliseconds(100));

        var exception = await Assert.ThrowsAsync<SchemaIsolationException>(() => program.AskAsync(CancellationToken.None));

        Assert.Equal("SI1122", exception.Code);
        Assert.Equal("The PasswordCommand \"sh\" did not end within its time limit of 0 s. Make it faster, and have it ask nobody.", exception.Reason);
    }

    [Fact]
    public async Task A_wrong_password_is_said_to_be_the_commands()
    {
        await CreateRoleAsync("mistaken", "right");
        using var project = new ProjectDirectory().Migration("1.sql", "create table t (n int)");
        await using var session = RunningSession.Start(Configure(project, "mistaken", "echo wrong"));

        var exception = await Assert.ThrowsAsync<SchemaIsolationException>(() => session.LeaseAsync());

        Assert.Equal("SI1102", exception.Code);
        Assert.Contains("Correct the user name and what PasswordCommand prints, or the server's pg_hba.conf", exception.Reason, StringComparison.Ordinal);
        Assert.DoesNotContain("wrong", exception.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_password_file_is_found_from_where_it_is_named()
    {
        await CreateRoleAsync("filed", "in a file");
        using var project = new ProjectDirectory().Migration("1.sql", "create table t (n int)").File("secrets/pass", $"{server.Host}:{server.Port}:*:filed:in a file\n");
        await using var session = RunningSession.Start(project.Configure(server: null, ("Server", server.KeywordsOf("filed", "Passfile=secrets/pass"))));

        await using var lease = await session.LeaseAsync();

        Assert.Equal("filed", await Psql.RunAsync(lease.ConnectionString, WhoAmI));
        Assert.Contains($"Passfile={Path.Combine(project.Path, "secrets", "pass")}", lease.ConnectionString, StringComparison.Ordinal);
    }

    private static async Task<bool> IsLetInAsync(RunningSession session)
    {
        try
        {
            await using var lease = await session.LeaseAsync();
            return await Psql.RunAsync(lease.ConnectionString, WhoAmI) == "expiring";
        }
        catch (Exception exception) when (exception is SchemaIsolationException or NpgsqlException)
        {
            return false;
        }
    }

    private Options Configure(ProjectDirectory project, string role, string command)
        => project.Configure(
            server: null,
            ("Server", server.KeywordsOf(role)),
            ("PasswordCommand", command),
            ("Inject:Variable:Name", "DATABASE_URL"),
            ("Inject:Variable:Format", "Url"));

    private Task<string> CreateRoleAsync(string role, string password)
        => Psql.RunAsync(server.Superuser, "postgres", $"create role {role} login createdb password {Sql.Literal(password)}");
}
