using Npgsql;
using SchemaIsolation.Keeper.Configuration;
using SchemaIsolation.Keeper.Postgres;
using SchemaIsolation.Keeper.Reporting;
using SchemaIsolation.Keeper.Reporting.Html;
using SchemaIsolation.Testing;
using SchemaIsolation.Tests.PostgreSql.Postgres;
using SchemaIsolation.Wire;
using Xunit;

namespace SchemaIsolation.Tests.PostgreSql.Sessions;

/// <summary>A session's password is told to its tests, and to nobody else.</summary>
[Trait("Version", "Any")]
public sealed class SecrecyTests(PasswordServer server) : IClassFixture<PasswordServer>
{
    private const string Password = "correct horse";

    [Fact]
    public async Task A_session_that_works_and_one_that_is_leaked_from_never_say_it()
    {
        using var project = new ProjectDirectory().Migration("1.sql", "create table t (n int)");
        var session = RunningSession.Start(Configure(project, server.As("alice", Password)));
        await using var held = await session.LeaseAsync(test: "holds");
        var lease = await session.LeaseAsync(test: "leaks");
        Assert.Contains(Password, lease.ConnectionString, StringComparison.Ordinal);
        var open = new NpgsqlConnection(lease.ConnectionString);
        await open.OpenAsync();
        await Psql.RunAsync(open, "create schema leaked");
        await Psql.RunAsync(open, "begin");
        await lease.DisposeAsync();
        var refusals = new List<string>
        {
            await RefusalAsync(session, LeaseKind.Schema, LeaseContent.Migrated, "", token: "wrong"),
            await RefusalAsync(session, (LeaseKind)9, LeaseContent.Migrated, "T"),
        };
        Assert.DoesNotContain(FilesOf(session), text => text.Contains(Password, StringComparison.Ordinal));

        await AssertSilentAsync(session, project, refusals, "SI2005", "SI2004", "SI2006", "SI2007", "SI2008");
    }

    [Theory]
    [InlineData("select nope", "SI1206")]
    [InlineData("select 'open", "SI1205")]
    [InlineData("copy t from '/nowhere'", "SI1206")]
    [InlineData("create extension dblink; select * from dblink('host=127.0.0.1 port=1 user=u', 'select 1') as x (n int)", "SI1206")]
    public async Task Migrations_that_fail_never_say_it(string sql, string code)
    {
        using var project = new ProjectDirectory().Migration("1.sql", sql);
        var session = RunningSession.Start(Configure(project, server.As("alice", Password)));

        var refusal = await RefusalAsync(session, LeaseKind.Schema, LeaseContent.Migrated, "T");

        await AssertSilentAsync(session, project, [refusal], code);
    }

    [Theory]
    [InlineData("alice", "not the correct horse", "SI1102")]
    [InlineData("banned", "correct horse", "SI1102")]
    [InlineData("nobody", "correct horse", "SI1102")]
    public async Task A_role_that_is_refused_never_says_it(string role, string password, string code)
    {
        using var project = new ProjectDirectory();
        var session = RunningSession.Start(Configure(project, server.As(role, password)));

        var refusal = await RefusalAsync(session, LeaseKind.Schema, LeaseContent.Empty, "T");

        await AssertSilentAsync(session, project, [refusal], code);
    }

    [Theory]
    [InlineData("Host=127.0.0.1;Port=1;Username=u;Password=correct horse", "postgres", "SI1101")]
    [InlineData("postgres://u:correct%20horse@127.0.0.1:1", "postgres", "SI1101")]
    [InlineData("Host=no.such.host.invalid;Username=u;Password=correct horse", "postgres", "SI1101")]
    [InlineData("Host=SERVER;Username=alice;Password=correct horse;SSL Mode=VerifyFull", "postgres", "SI1123")]
    [InlineData("Host=SERVER;Username=alice;Password=correct horse", "no such database", "SI1107")]
    public async Task A_server_that_cannot_be_used_never_says_it(string address, string maintenanceDatabase, string code)
    {
        using var project = new ProjectDirectory();
        var options = project.Configure(
            ServerAddress.Parse(address.Replace("SERVER", server.Directory, StringComparison.Ordinal)), ("MaintenanceDatabase", maintenanceDatabase));
        var session = RunningSession.Start(options);

        var refusal = await RefusalAsync(session, LeaseKind.Schema, LeaseContent.Empty, "T");

        await AssertSilentAsync(session, project, [refusal], code);
    }

    [Fact]
    public async Task A_connection_that_is_cut_in_mid_session_never_says_it()
    {
        using var project = new ProjectDirectory();
        var session = RunningSession.Start(Configure(project, server.As("alice", Password)));
        await (await session.LeaseAsync(LeaseKind.Database, LeaseContent.Empty)).DisposeAsync();
        await Psql.RunAsync(server.As("postgres"), "postgres", "alter role alice connection limit 0", "select count(pg_terminate_backend(pid)) from pg_stat_activity where usename = 'alice'");
        try
        {
            var refusal = await RefusalAsync(session, LeaseKind.Schema, LeaseContent.Empty, "T");

            await AssertSilentAsync(session, project, [refusal], "SI1");
        }
        finally
        {
            await Psql.RunAsync(server.As("postgres"), "postgres", "alter role alice connection limit -1");
        }
    }

    private static Options Configure(ProjectDirectory project, ServerAddress address) => project.Configure(address);

    private static async Task<string> RefusalAsync(RunningSession session, LeaseKind kind, LeaseContent content, string test, string? token = null)
    {
        var exception = await Assert.ThrowsAsync<SchemaIsolationException>(() => token is null
            ? session.LeaseAsync(kind, content, test)
            : TestLease.TakeAsync(session.Endpoint, new LeaseRequest(1, token, kind, content, test), CancellationToken.None));
        return exception.ToString();
    }

    private static IEnumerable<string> FilesOf(RunningSession session)
        => Directory.EnumerateFiles(Path.GetDirectoryName(session.Endpoint)!, "*", SearchOption.AllDirectories)
            .Where(file => Path.GetExtension(file) is not (".sock" or ".lock"))
            .Select(File.ReadAllText);

    private static async Task AssertSilentAsync(RunningSession session, ProjectDirectory project, IReadOnlyList<string> refusals, params string[] codes)
    {
        var report = await session.EndAsync();
        var file = Path.Combine(project.Path, SessionReport.FileName);
        await report.WriteAsync(file);
        var said = string.Join('\n', [.. refusals, .. report.Log.Select(entry => entry.Message), await File.ReadAllTextAsync(file), HtmlReport.Render(report), StepSummary.Render(report)]);
        Assert.All(codes, code => Assert.Contains(code, said, StringComparison.Ordinal));
        Assert.DoesNotContain("horse", said, StringComparison.Ordinal);
    }
}
