using Npgsql;
using SchemaIsolation.Keeper.Postgres;
using SchemaIsolation.Keeper.Reporting;
using SchemaIsolation.Testing;
using SchemaIsolation.Tests.PostgreSql.Postgres;
using SchemaIsolation.Tests.PostgreSql.Servers;
using SchemaIsolation.Wire;
using Xunit;

namespace SchemaIsolation.Tests.PostgreSql.Sessions;

/// <summary>Tests that know nothing of leases find a database of their run where they look for one.</summary>
[Trait("Version", "Any")]
public sealed class InjectTests(TestServer server, PasswordServer passwords) : IClassFixture<PasswordServer>
{
    private const string Variable = "ConnectionStrings__Default";

    private static readonly (string, string) Inject = ("Inject:ConnectionString", "Default");

    [Theory]
    [InlineData("Never")]
    [InlineData("Fenced")]
    public async Task A_database_is_migrated_and_seeded_before_the_tests_start_and_gone_after_them(string reuse)
    {
        using var project = new ProjectDirectory().Migration("1.sql", "create table t (n int)").Seed("1.sql", "insert into t values (7)");
        var session = RunningSession.Start(project.Configure(server.Address, ("Reuse", reuse), Inject));

        await session.WaitUntilTestsMayStartAsync();
        var read = await Psql.RunAsync(session.Variable(Variable)!, "select n, current_database()::text from public.t");
        var report = await session.EndAsync();

        Assert.Equal($"7|si_d_{session.Id}_1", read);
        Assert.Equal($"si_d_{session.Id}_1", report.Injected!.Database);
        Assert.Equal([Variable], report.Injected.Variables);
        Assert.Equal(new ReportedCounts(Leases: 0, Made: 1, Dropped: 1, Left: 0), report.Counts);
        Assert.DoesNotContain(report.Log, entry => entry.Level != LogLevel.Information);
        await session.AssertEndsWithNothingLeftAsync(server.Address);
    }

    [Fact]
    public async Task Without_migrations_the_database_is_empty()
    {
        using var project = new ProjectDirectory();
        await using var session = RunningSession.Start(project.Configure(server.Address, Inject));

        await session.WaitUntilTestsMayStartAsync();

        Assert.Equal("0", await Psql.RunAsync(session.Variable(Variable)!, "select count(*) from pg_class where relnamespace = 'public'::regnamespace"));
    }

    [Fact]
    public async Task What_tests_write_stays_for_the_run_and_is_in_no_lease()
    {
        using var project = new ProjectDirectory().Migration("1.sql", "create table t (n int)");
        await using var session = RunningSession.Start(project.Configure(server.Address, Inject));
        await session.WaitUntilTestsMayStartAsync();
        await Psql.RunAsync(session.Variable(Variable)!, "insert into t values (1)");
        await using var schema = await session.LeaseAsync();
        await using var database = await session.LeaseAsync(LeaseKind.Database);

        var rows = await Task.WhenAll(new[] { session.Variable(Variable)!, schema.ConnectionString, database.ConnectionString }.Select(address => Psql.RunAsync(address, "select count(*) from t")));

        Assert.Equal(["1", "0", "0"], rows);
    }

    [Fact]
    public async Task It_takes_no_lease()
    {
        using var project = new ProjectDirectory();
        await using var session = RunningSession.Start(project.Configure(server.Address, Inject, ("MaxSlots", "1"), ("LeaseTimeout", "00:00:01")));
        await session.WaitUntilTestsMayStartAsync();

        await using var lease = await session.LeaseAsync(LeaseKind.Database, LeaseContent.Empty);

        Assert.NotEqual(session.Variable(Variable), lease.ConnectionString);
    }

    [Fact]
    public async Task Tests_have_the_rights_of_the_test_role()
    {
        await Psql.RunAsync(server.Address, "postgres", "create role injected_app");
        using var project = new ProjectDirectory().Migration("1.sql", "create table open (n int); create table closed (n int); grant select on open to injected_app");
        await using var session = RunningSession.Start(project.Configure(server.Address, Inject, ("Inject:Libpq", "true"), ("TestRole", "injected_app")));
        await session.WaitUntilTestsMayStartAsync();

        Assert.Equal("0", await Psql.RunAsync(session.Variable(Variable)!, "select count(*) from open"));
        var refusal = await Assert.ThrowsAsync<PostgresException>(() => Psql.RunAsync(session.Variable(Variable)!, "select count(*) from closed"));
        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, refusal.SqlState);
        Assert.Equal("-c role=injected_app", session.Variable("PGOPTIONS"));
    }

    [Fact]
    public async Task Sessions_of_one_project_at_the_same_time_do_not_meet()
    {
        using var project = new ProjectDirectory().Migration("1.sql", "create table t (n int)");
        var options = project.Configure(server.Address, Inject);
        RunningSession[] sessions = [RunningSession.Start(options), RunningSession.Start(options)];
        await Task.WhenAll(sessions.Select(session => session.WaitUntilTestsMayStartAsync()));
        await Task.WhenAll(sessions.Select(session => Psql.RunAsync(session.Variable(Variable)!, "insert into t values (1)")));

        var rows = await Task.WhenAll(sessions.Select(session => Psql.RunAsync(session.Variable(Variable)!, "select count(*) from t")));

        Assert.Equal(["1", "1"], rows);
        foreach (var session in sessions)
            await session.AssertEndsWithNothingLeftAsync(server.Address);
    }

    [Fact]
    public async Task Every_form_leads_to_the_one_database_and_says_the_role_and_the_password()
    {
        using var project = new ProjectDirectory();
        await using var session = RunningSession.Start(project.Configure(
            passwords.As("alice", "correct horse"), Inject, ("Inject:Variable:Name", "DATABASE_URL"), ("Inject:Variable:Format", "Url"), ("Inject:Libpq", "true")));
        await session.WaitUntilTestsMayStartAsync();

        var byKeywords = await Psql.RunAsync(session.Variable(Variable)!, "select current_database()::text, current_user::text");
        var byUrl = await Psql.RunAsync(ServerAddress.Parse(session.Variable("DATABASE_URL")!).For($"si_d_{session.Id}_1").ConnectionString, "select current_database()::text, current_user::text");

        Assert.Equal($"si_d_{session.Id}_1|alice", byKeywords);
        Assert.Equal($"si_d_{session.Id}_1|alice", byUrl);
        Assert.Equal($"postgres://alice:correct%20horse@/si_d_{session.Id}_1?host={Uri.EscapeDataString(passwords.Directory)}", session.Variable("DATABASE_URL"));
        Assert.Equal(
            [passwords.Directory, "5432", "alice", "correct horse", $"si_d_{session.Id}_1"],
            new[] { "PGHOST", "PGPORT", "PGUSER", "PGPASSWORD", "PGDATABASE" }.Select(session.Variable));
        var report = await session.EndAsync();
        var file = Path.Combine(project.Path, SessionReport.FileName);
        await report.WriteAsync(file);
        Assert.DoesNotContain("horse", await File.ReadAllTextAsync(file), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_pool_is_named_by_its_project_and_keeps_a_lower_limit_and_whatever_else_the_server_was_named_with()
    {
        using var project = new ProjectDirectory();
        var address = ServerAddress.Parse($"Host={server.Address.Host};Username=postgres;Maximum Pool Size=2;Timeout=7;Database=other");
        await using var session = RunningSession.Start(project.Configure(address, Inject));

        await session.WaitUntilTestsMayStartAsync();

        Assert.Equal(
            $"Host={server.Address.Host};Username=postgres;Maximum Pool Size=2;Timeout=7;Database=si_d_{session.Id}_1;Application Name=\"si {Path.GetFileName(project.Path)}\"",
            session.Variable(Variable));
    }

    [Theory]
    [InlineData("select nope", "SI1206")]
    [InlineData("select 'open", "SI1205")]
    public async Task Migrations_that_fail_leave_the_tests_an_address_that_says_so_and_a_red_report(string sql, string code)
    {
        using var project = new ProjectDirectory().Migration("1.sql", sql);
        var session = RunningSession.Start(project.Configure(server.Address, Inject));

        await session.WaitUntilTestsMayStartAsync();
        var exception = await Record.ExceptionAsync(() => Psql.RunAsync(session.Variable(Variable)!, "select 1"));
        var report = await session.EndAsync();

        Assert.Contains($"SchemaIsolation-{code}-the-database-of-this-run-could-not-be-made", exception!.Message, StringComparison.Ordinal);
        Assert.StartsWith($"{code}: ", Assert.Single(report.Log, entry => entry.Level == LogLevel.Error).Message, StringComparison.Ordinal);
        Assert.Null(report.Injected!.Database);
        Assert.Equal(new ReportedCounts(Leases: 0, Made: 0, Dropped: 0, Left: 0), report.Counts);
    }

    [Fact]
    public async Task A_database_that_cannot_be_made_leaves_the_tests_an_address_that_says_so_and_the_leases_their_own()
    {
        using var project = new ProjectDirectory().Migration("1.sql", "create table t (n int); do $$ begin if current_schema() = 'public' then raise 'not here'; end if; end $$");
        var session = RunningSession.Start(project.Configure(server.Address, Inject));

        await session.WaitUntilTestsMayStartAsync();
        await using (var lease = await session.LeaseAsync())
            Assert.Equal("0", await Psql.RunAsync(lease.ConnectionString, "select count(*) from t"));
        var report = await session.EndAsync();

        Assert.Contains("SchemaIsolation-SI1206-", session.Variable(Variable), StringComparison.Ordinal);
        Assert.StartsWith("SI1206: ", Assert.Single(report.Log, entry => entry.Level == LogLevel.Error).Message, StringComparison.Ordinal);
        Assert.Equal(0, report.Counts.Left);
    }

    [Fact]
    public async Task A_server_that_cannot_be_reached_leaves_the_tests_an_address_that_says_so()
    {
        using var project = new ProjectDirectory();
        await using var session = RunningSession.Start(project.Configure(ServerAddress.Parse("Host=127.0.0.1;Port=1;Username=u;Password=hidden"), Inject));

        await session.WaitUntilTestsMayStartAsync();

        Assert.Contains("SchemaIsolation-SI1101-", session.Variable(Variable), StringComparison.Ordinal);
        Assert.DoesNotContain("hidden", session.Variable(Variable), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_sweep_that_fails_leaves_the_tests_an_address_that_says_so()
    {
        using var project = new ProjectDirectory();
        await using var session = RunningSession.Start(project.Configure(server.Address, Inject, ("Sweep:Database", "no_such_test"), ("Sweep:Schemas", "test_*")));

        await session.WaitUntilTestsMayStartAsync();

        Assert.Contains("SchemaIsolation-SI3007-", session.Variable(Variable), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Until_the_database_is_made_the_variables_lead_nowhere_and_the_log_says_that_it_goes_on()
    {
        using var project = new ProjectDirectory().Migration("1.sql", "select pg_sleep(600)");
        await using var session = RunningSession.Start(project.Configure(server.Address, Inject));
        var waiting = session.WaitUntilTestsMayStartAsync();
        await session.WaitForLogAsync($"Making the database for \"{Variable}\"");
        var meanwhile = session.Variable(Variable);
        var isWaiting = !waiting.IsCompleted;

        await session.EndAsync();

        Assert.True(isWaiting);
        Assert.Contains("SchemaIsolation-SI1003-", meanwhile, StringComparison.Ordinal);
        await waiting;
        Assert.Contains("SchemaIsolation-SI2002-", session.Variable(Variable), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_cannot_be_proved_of_schemas_is_no_matter_to_the_database()
    {
        using var project = new ProjectDirectory().Migration("1.sql", "create table public.t (n int)");
        await using var session = RunningSession.Start(project.Configure(server.Address, Inject, ("Isolation", "Schema")));

        await session.WaitUntilTestsMayStartAsync();

        Assert.Equal("0", await Psql.RunAsync(session.Variable(Variable)!, "select count(*) from t"));
        Assert.Equal("SI1207", (await Assert.ThrowsAsync<SchemaIsolationException>(() => session.LeaseAsync())).Code);
    }

    [Fact]
    public async Task An_embedded_server_is_found_too_and_stops_with_the_session()
    {
        using var root = await ServerRoot.CreateAsync();
        using var project = new ProjectDirectory().Migration("1.sql", "create table t (n int)");
        var session = RunningSession.Start(project.Configure(server: null, ("ServerDirectory", root.Path), Inject, ("Inject:Variable", "DB")));

        await session.WaitUntilTestsMayStartAsync();
        var read = await Psql.RunAsync(session.Variable("DB")!, "select count(*), current_database()::text from t");
        var report = await session.EndAsync();

        Assert.Equal($"0|si_d_{session.Id}_1", read);
        Assert.Equal([Variable, "DB"], report.Injected!.Variables);
        Assert.Equal(0, report.Counts.Left);
        Assert.False(File.Exists(root.ProcessFile));
    }

    [Fact]
    public async Task A_session_that_ends_while_its_database_is_made_leaves_none()
    {
        using var root = await ServerRoot.CreateAsync();
        await using var own = await root.StartAsync();
        using var project = new ProjectDirectory();
        await using var obstacle = new NpgsqlConnection(own.Address.For("postgres").ConnectionString + ";Pooling=false");
        await obstacle.OpenAsync();
        await Psql.RunAsync(obstacle, "begin", "lock table pg_database in share mode");
        var session = RunningSession.Start(project.Configure(own.Address, Inject));
        await Eventually.TrueAsync(async () => await CountWaitingAsync() == "1");

        var ending = session.EndAsync();
        await Eventually.TrueAsync(async () => await CountWaitingAsync() == "0");
        await Psql.RunAsync(obstacle, "commit");
        var report = await ending;

        Assert.NotNull(report.Server);
        Assert.Contains("SchemaIsolation-SI2002-", session.Variable(Variable), StringComparison.Ordinal);
        await session.AssertEndsWithNothingLeftAsync(own.Address);

        Task<string> CountWaitingAsync()
            => Psql.RunAsync(own.Address, "postgres", "select count(*) from pg_stat_activity where query like 'create database%' and wait_event = 'relation'");
    }

    [Fact]
    public async Task A_keeper_that_is_killed_leaves_a_database_that_the_next_session_sweeps()
    {
        using var project = new ProjectDirectory().Migration("1.sql", "create table t (n int)");
        var options = project.Configure(server.Address, Inject);
        var temporary = Directory.CreateTempSubdirectory("si-test-").FullName;
        await using var killed = await KeeperProcess.StartAsync(project.Path, temporary);
        await killed.KillAsync();
        var left = await server.ListDatabasesOfAsync(killed.Id.ToString());

        await using (var next = RunningSession.Start(options))
            await next.WaitForLogAsync("Swept 1 leftovers of dead sessions");

        Assert.Equal([$"si_d_{killed.Id}_1"], left);
        Assert.Empty(await server.ListDatabasesOfAsync(killed.Id.ToString()));
        Directory.Delete(temporary, recursive: true);
    }
}
