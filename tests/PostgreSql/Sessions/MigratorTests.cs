using SchemaIsolation.Testing;
using Xunit;

namespace SchemaIsolation.Tests.PostgreSql.Sessions;

/// <summary>Templates that a program of the project migrates.</summary>
[Trait("Version", "Any")]
public sealed class MigratorTests(TestServer server)
{
    private const string Script = "psql -X -q -v ON_ERROR_STOP=1 -f migrate.sql";

    [Theory]
    [InlineData("psql -X -q -v ON_ERROR_STOP=1 -f tool/migrate.sql")] // By PGHOST and the others.
    [InlineData("psql -X -q -v ON_ERROR_STOP=1 -f tool/migrate.sql {Url}")]
    [InlineData("psql -X -q -v ON_ERROR_STOP=1 -f tool/migrate.sql -h {Host} -p {Port} -U {Username} \"{Database}\"")]
    [InlineData("sh -c 'psql -X -q -f tool/migrate.sql \"$DATABASE_URL\"'")]
    [InlineData("sh -c 'test -n \"$1\" && test \"$1\" = \"$SCHEMAISOLATION_CONNECTION_STRING\" && psql -X -q -f tool/migrate.sql' sh {ConnectionString}")]
    public async Task A_command_migrates_what_it_is_told(string command)
    {
        using var project = new ProjectDirectory().File("tool/migrate.sql", "create table t (n int); insert into t values (7);");
        await using var session = RunningSession.Start(project.Configure(server.Address, ("Migrate:Command", OnPath(command)), ("Migrate:Inputs", "tool/**")));

        await using var lease = await session.LeaseAsync();

        Assert.Equal("7", await Psql.RunAsync(lease.ConnectionString, "select n from t"));
        Assert.Equal("Database", (await session.EndAsync()).Isolation.Single().Chosen);
    }

    [Fact]
    public async Task A_command_migrates_schemas_where_they_are_asked_for()
    {
        using var project = new ProjectDirectory().File("tool/migrate.sql", "create table t (n int); insert into t values (7);");
        await using var session = RunningSession.Start(project.Configure(
            server.Address, ("Isolation", "Schema"), ("Migrate:Command", OnPath("psql -X -q -f tool/migrate.sql")), ("Migrate:Inputs", "tool/**")));

        await using var lease = await session.LeaseAsync();

        Assert.StartsWith("test_", lease.Name, StringComparison.Ordinal);
        Assert.Equal("7", await Psql.RunAsync(lease.ConnectionString, $"select n from {lease.Name}.t"));
    }

    [Theory]
    [InlineData("migrate.sql")]
    [InlineData("*.sql")]
    [InlineData("./migrate.sql")]
    public async Task Inputs_may_be_beside_the_configuration(string inputs)
    {
        using var project = new ProjectDirectory().File("migrate.sql", "create table t as select 7 as n");
        await using var session = RunningSession.Start(project.Configure(server.Address, ("Migrate:Command", OnPath(Script)), ("Migrate:Inputs", inputs)));

        await using var lease = await session.LeaseAsync();

        Assert.Equal("7", await Psql.RunAsync(lease.ConnectionString, "select n from t"));
    }

    [Fact]
    public async Task Seeds_follow_the_command()
    {
        using var project = new ProjectDirectory().File("tool/migrate.sql", "create table t (n int)").Seed("1.sql", "insert into t values (1)");
        await using var session = RunningSession.Start(project.Configure(server.Address, ("Migrate:Command", OnPath("psql -X -q -f tool/migrate.sql")), ("Migrate:Inputs", "tool/*.sql")));

        await using var lease = await session.LeaseAsync();

        Assert.Equal("1", await Psql.RunAsync(lease.ConnectionString, "select n from t"));
    }

    [Fact]
    public async Task A_command_runs_again_when_an_input_changes_and_only_then()
    {
        using var project = new ProjectDirectory().File("tool/migrate.sql", "create table t as select 1 as n");
        var options = project.Configure(server.Address, ("Migrate:Command", OnPath("psql -X -q -f tool/migrate.sql")), ("Migrate:Inputs", "tool/**/*.sql"));

        Assert.Equal(("1", false), await LeaseOnceAsync());
        Assert.Equal(("1", true), await LeaseOnceAsync());
        project.File("tool/migrate.sql", "create table t as select 2 as n");
        Assert.Equal(("2", false), await LeaseOnceAsync());

        async Task<(string Found, bool IsReused)> LeaseOnceAsync()
        {
            var session = RunningSession.Start(options);
            string found;
            await using (var lease = await session.LeaseAsync())
                found = await Psql.RunAsync(lease.ConnectionString, "select n from t");
            return (found, (await session.EndAsync()).Templates.Single().IsReused);
        }
    }

    [Fact]
    public async Task A_command_that_fails_is_named_with_its_last_lines()
    {
        using var project = new ProjectDirectory().File("tool/x", "");
        const string Command = "sh -c 'echo told; echo wrong >&2; exit 3'";
        var session = RunningSession.Start(project.Configure(server.Address, ("Migrate:Command", Command), ("Migrate:Inputs", "tool/x")));

        var refusal = await Assert.ThrowsAsync<SchemaIsolationException>(() => session.LeaseAsync());
        var report = await session.EndAsync();

        Assert.Equal("SI1211", refusal.Code);
        Assert.StartsWith($"The migrator \"{Command}\" ended with exit code 3. Correct it, or what it migrates. Its last lines: ", refusal.Reason, StringComparison.Ordinal);
        Assert.Contains("told", refusal.Reason, StringComparison.Ordinal);
        Assert.Contains("wrong", refusal.Reason, StringComparison.Ordinal);
        Assert.Contains(report.Log, entry => entry.Message == "Migrator: told");
        Assert.Equal(0, report.Counts.Left);
    }

    [Theory]
    [InlineData("no-such-migrator --now")]
    [InlineData("sh -c 'exit 0")]
    public async Task A_command_that_is_not_there_or_not_closed_is_named(string command)
    {
        using var project = new ProjectDirectory().File("tool/x", "");
        await using var session = RunningSession.Start(project.Configure(server.Address, ("Migrate:Command", command), ("Migrate:Inputs", "tool/x")));

        var refusal = await Assert.ThrowsAsync<SchemaIsolationException>(() => session.LeaseAsync());

        Assert.Equal("SI1212", refusal.Code);
        Assert.StartsWith($"The migrator \"{command}\" cannot be started in \"{project.Path}\".", refusal.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_command_that_takes_too_long_is_ended_with_all_it_started()
    {
        using var project = new ProjectDirectory().File("tool/x", "");
        var pidFile = Path.Combine(project.Path, "pid");
        await using var session = RunningSession.Start(project.Configure(
            server.Address, ("MigrationTimeout", "00:00:01"), ("Migrate:Command", $"sh -c 'sleep 100 & echo $! > {pidFile}; wait'"), ("Migrate:Inputs", "tool/x")));

        var refusal = await Assert.ThrowsAsync<SchemaIsolationException>(() => session.LeaseAsync());

        Assert.Equal("SI1210", refusal.Code);
        Assert.Contains("did not end within its time limit of \"00:00:01\"", refusal.Reason, StringComparison.Ordinal);
        var pid = (await File.ReadAllTextAsync(pidFile)).Trim();
        await Eventually.TrueAsync(() => Task.FromResult(!Directory.Exists($"/proc/{pid}")));
    }

    [Fact]
    public async Task What_a_command_leaves_running_keeps_neither_its_end_nor_the_template()
    {
        using var project = new ProjectDirectory().File("tool/migrate.sql", "create table t (n int)");
        var pidFile = Path.Combine(project.Path, "pid");
        var command = $"sh -c '(sleep 100; exit) & echo $! > {pidFile}; psql -X -q -f tool/migrate.sql; (psql -X -q -c \"select pg_sleep(100)\" >/dev/null 2>&1 </dev/null &)'";
        await using var session = RunningSession.Start(project.Configure(server.Address, ("Migrate:Command", OnPath(command)), ("Migrate:Inputs", "tool/**")));

        await using var lease = await session.LeaseAsync();

        Assert.Equal("0", await Psql.RunAsync(lease.ConnectionString, "select count(*) from t"));
        using var sleeper = System.Diagnostics.Process.GetProcessById(int.Parse(await File.ReadAllTextAsync(pidFile), System.Globalization.CultureInfo.InvariantCulture));
        sleeper.Kill(entireProcessTree: true);
    }

    [Theory]
    [InlineData("nothing/**/*.cs")]
    [InlineData("tool/*.cs")]
    [InlineData("../*.nope")]
    public async Task Inputs_that_match_nothing_are_refused(string inputs)
    {
        using var project = new ProjectDirectory().File("tool/x", "");
        await using var session = RunningSession.Start(project.Configure(server.Address, ("Migrate:Command", Script), ("Migrate:Inputs", inputs)));

        var refusal = await Assert.ThrowsAsync<SchemaIsolationException>(() => session.LeaseAsync());

        Assert.Equal("SI1201", refusal.Code);
        Assert.Contains($"No file matches \"{inputs}\"", refusal.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_password_is_in_no_message()
    {
        using var project = new ProjectDirectory().File("tool/x", "");
        await Psql.RunAsync(server.Address, "postgres", "create role migrator_owner login createdb password 's3cret word'");
        var address = Keeper.Postgres.ServerAddress.Parse($"Host={server.Address.Host};Username=migrator_owner;Password='s3cret word'");
        var session = RunningSession.Start(project.Configure(address, ("Migrate:Command", "sh -c 'echo \"$PGPASSWORD and {Password}\"; exit 1'"), ("Migrate:Inputs", "tool/x")));

        var refusal = await Assert.ThrowsAsync<SchemaIsolationException>(() => session.LeaseAsync());
        var report = await session.EndAsync();

        Assert.Contains("*** and ***", refusal.Reason, StringComparison.Ordinal);
        Assert.DoesNotContain(report.Log, entry => entry.Message.Contains("s3cret", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("echo $DATABASE_URL")]
    [InlineData("echo $SCHEMAISOLATION_CONNECTION_STRING")]
    [InlineData("printf %03990d 0; echo $PGPASSWORD")]
    public async Task The_password_is_in_no_message_in_another_spelling_or_cut(string command)
    {
        using var project = new ProjectDirectory().File("tool/x", "");
        await Psql.RunAsync(server.Address, "postgres", "do $$begin create role odd_password login createdb password 's3;c\"r ''et s3'; exception when duplicate_object then null; end$$");
        var address = Keeper.Postgres.ServerAddress.Parse($"Host={server.Address.Host};Username=odd_password;Password=\"s3;c\"\"r 'et s3\"");
        var session = RunningSession.Start(project.Configure(address, ("Migrate:Command", $"sh -c '{command}; exit 1'"), ("Migrate:Inputs", "tool/x")));

        var refusal = await Assert.ThrowsAsync<SchemaIsolationException>(() => session.LeaseAsync());
        var report = await session.EndAsync();

        Assert.Contains(report.Log, entry => entry.Message.Contains("***", StringComparison.Ordinal));
        Assert.DoesNotContain("s3", refusal.Reason, StringComparison.Ordinal);
        Assert.DoesNotContain(report.Log, entry => entry.Message.Contains("s3", StringComparison.Ordinal));
    }

    // The tests' server may be of any version; its programs are not on the PATH.
    private string OnPath(string command)
    {
        var psql = Path.Combine(server.Binaries, "psql");
        return command.Replace("psql ", $"{(File.Exists(psql) ? psql : "psql")} ", StringComparison.Ordinal);
    }
}
