using System.Globalization;
using Npgsql;
using SchemaIsolation.Keeper.Reporting;
using SchemaIsolation.Keeper.Sweeping;
using SchemaIsolation.Testing;
using SchemaIsolation.Wire;
using Xunit;

namespace SchemaIsolation.Tests.PostgreSql.Sessions;

/// <summary>What becomes of the slots of failed tests, on a server of its own, where no other test's sweep comes.</summary>
public sealed class KeepFailedTests(TestServer server)
{
    private const string Table = "create table t (id int generated always as identity primary key, text text)";
    private const string Write = "insert into t (text) values ('mine')";
    private const string Failed = "PackTests.Fails";

    [Theory]
    [InlineData("Schema")]
    [InlineData("Database")]
    public async Task What_a_failed_test_used_is_kept_with_its_rows_and_all_else_is_dropped(string kind)
    {
        using var project = Project();
        await using var session = Start(project);
        await UseAsync(session, "PackTests.Passes", Enum.Parse<LeaseKind>(kind));
        await UseAsync(session, Failed, Enum.Parse<LeaseKind>(kind), Write);

        session.PassTest("PackTests.Passes");
        var attached = await session.FailTestAsync(Failed);
        var report = await session.EndAsync();

        var kept = Assert.Single(report.Kept);
        Assert.Equal($"si_k_{session.Id}_1", kept.Database);
        Assert.Equal(["Some.Namespace.PackTests.Fails"], kept.Tests);
        Assert.Equal(0, report.Counts.Left);
        Assert.Equal(report.Counts.Made - 1, report.Counts.Dropped);
        Assert.Equal(kept.Database, await ListAsync(session));
        Assert.Equal("1|seed, 2|mine", await Psql.RunAsync(server.Address, kept.Database, $"select id, text from {(kind == "Schema" ? "test_1." : "")}t order by id"));
        Assert.Contains($"dbname={kept.Database}", attached, StringComparison.Ordinal);
        Assert.Contains("t`: 1 added\n\n```diff\n+ (id '2', text 'mine')\n```", attached, StringComparison.Ordinal);
        Assert.Contains("t_id_seq`: 1 → 2", attached, StringComparison.Ordinal);
        Assert.Contains("t` | 1 | 2 |", attached, StringComparison.Ordinal);
        Assert.DoesNotContain("Made, altered or dropped", attached, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_kept_of_a_project_can_be_swept_before_it_is_due()
    {
        using var project = Project();
        await using var session = Start(project);
        await UseAsync(session, Failed, sql: Write);
        await session.FailTestAsync(Failed);
        var kept = Assert.Single((await session.EndAsync()).Kept).Database;

        var others = await LeftoverSweep.RunAsync(server.Postgres, isDryRun: false, CancellationToken.None, project: "/elsewhere");
        var own = await LeftoverSweep.RunAsync(server.Postgres, isDryRun: false, CancellationToken.None, project: project.Path);

        Assert.DoesNotContain(kept, others.Dropped);
        Assert.Contains(kept, own.Dropped);
        Assert.Empty(await ListAsync(session));
    }

    [Fact]
    public async Task A_session_whose_tests_pass_keeps_nothing()
    {
        using var project = Project();
        await using var session = Start(project);
        await UseAsync(session, "PackTests.Passes", sql: Write);
        session.PassTest("PackTests.Passes");

        var report = await session.EndAsync();

        Assert.Empty(report.Kept);
        Assert.Equal("Passed", Assert.Single(report.Leases).Outcome);
        Assert.Empty(await ListAsync(session));
    }

    [Fact]
    public async Task The_difference_names_rows_tables_columns_and_what_else_was_made()
    {
        using var project = Project("create table gone (id int); insert into gone values (1); create table altered (id int); insert into altered values (1); create table without_key (id int); insert into without_key values (1), (2)");
        await using var session = Start(project);
        await UseAsync(
            session, Failed, LeaseKind.Schema,
            "update t set text = 'it''s ' || repeat('x', 100)", "delete from without_key where id = 1", "insert into without_key values (3)",
            "drop table gone", "alter table altered add column more int", "create table made (id int primary key)", "insert into made values (7)", "create view seen as select 1 as one");

        var attached = await session.FailTestAsync(Failed);

        Assert.Contains($"~ (id '1') text 'seed' → 'it''s {new string('x', 55)}…'", attached, StringComparison.Ordinal);
        Assert.Contains("`test_1.without_key`: 1 added, 1 removed\n\n```diff\n+ (id '3')\n- (id '1')", attached, StringComparison.Ordinal);
        Assert.Contains("Dropped: `test_1.gone`", attached, StringComparison.Ordinal);
        Assert.Contains("| `test_1.gone` | 1 | – |", attached, StringComparison.Ordinal);
        Assert.Contains("`test_1.altered`: has the columns id, more; before, they were id.", attached, StringComparison.Ordinal);
        Assert.Contains("table test_1.made", attached, StringComparison.Ordinal);
        Assert.DoesNotContain("type test_1.made", attached, StringComparison.Ordinal);
        Assert.Contains("`test_1.made`: 1 added\n\n```diff\n+ (id '7')", attached, StringComparison.Ordinal);
        Assert.Contains("Made, altered or dropped: ", attached, StringComparison.Ordinal);
        Assert.Contains("view test_1.seen", attached, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_lease_that_is_still_held_is_looked_at_and_kept_when_it_is_released()
    {
        using var project = Project();
        await using var session = Start(project);
        var fixture = await session.LeaseAsync(test: "PackTests");
        session.StartTest(Failed);
        await Psql.RunAsync(fixture.ConnectionString, Write);

        var attached = await session.FailTestAsync(Failed);
        await Psql.RunAsync(fixture.ConnectionString, Write);
        await fixture.DisposeAsync();
        var report = await session.EndAsync();

        Assert.Contains("1 added", attached, StringComparison.Ordinal);
        Assert.Contains("still held", attached, StringComparison.Ordinal);
        Assert.Contains($"dbname={Assert.Single(report.Kept).Database}", attached, StringComparison.Ordinal);
        Assert.Equal("3", await Psql.RunAsync(server.Address, report.Kept[0].Database, "select count(*) from test_1.t"));
    }

    [Fact]
    public async Task A_slot_that_two_failed_tests_used_is_kept_once_and_noted_with_both()
    {
        using var project = Project();
        await using var session = Start(project);
        var fixture = await session.LeaseAsync(test: "PackTests");
        session.StartTest("PackTests.First");
        session.StartTest("PackTests.Second");
        await Psql.RunAsync(fixture.ConnectionString, Write);
        await session.FailTestAsync("PackTests.First");
        await fixture.DisposeAsync();
        await session.WaitUntilKeptAsync();

        var attached = await session.FailTestAsync("PackTests.Second");
        var report = await session.EndAsync();

        var kept = Assert.Single(report.Kept);
        Assert.Equal(["Some.Namespace.PackTests.First", "Some.Namespace.PackTests.Second"], kept.Tests);
        Assert.Contains($"dbname={kept.Database}", attached, StringComparison.Ordinal);
        Assert.Contains("1 added", attached, StringComparison.Ordinal);
        var notes = await Psql.RunAsync(server.Address, "postgres", $"select shobj_description(oid, 'pg_database') from pg_database where datname = '{kept.Database}'");
        Assert.Contains("PackTests.First", notes, StringComparison.Ordinal);
        Assert.Contains("PackTests.Second", notes, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_lease_that_its_failed_test_never_released_is_kept_at_the_end()
    {
        using var project = Project();
        await using var session = Start(project);
        session.StartTest(Failed);
        var lease = await session.LeaseAsync(test: Failed);
        await session.FailTestAsync(Failed);

        lease.Die();
        var report = await session.EndAsync(isOrphaned: true);

        Assert.Equal(Assert.Single(report.Kept).Database, await ListAsync(session));
    }

    [Fact]
    public async Task Only_the_first_failed_tests_are_kept()
    {
        using var project = Project();
        await using var session = Start(project, keep: 2);
        await UseAsync(session, "A.One", sql: Write);
        await UseAsync(session, "A.Two", sql: Write);
        var attached = new List<bool> { await session.FailTestAsync("A.One") is not null, await session.FailTestAsync("A.Two") is not null };
        session.StartTest("A.Three");
        await UseAsync(session, "A.Three", Write, isTold: false);
        attached.Add(await session.FailTestAsync("A.Three") is not null);

        var report = await session.EndAsync();

        Assert.Equal([true, true, false], attached);
        Assert.Equal(2, report.Kept.Count);
        Assert.Equal(["Failed", "Failed", "Failed"], report.Leases.Select(lease => lease.Outcome));
    }

    [Fact]
    public async Task Nobody_writes_to_what_is_kept()
    {
        using var project = Project();
        await using var session = Start(project);
        session.StartTest(Failed);
        await using var lease = await session.LeaseAsync(test: Failed);
        await using var open = new NpgsqlConnection(lease.ConnectionString + ";Pooling=false");
        await open.OpenAsync();
        await lease.DisposeAsync();
        await session.WaitForReleaseAsync();

        await session.FailTestAsync(Failed);

        await Assert.ThrowsAnyAsync<NpgsqlException>(() => Psql.RunAsync(open, Write));
        var late = await Assert.ThrowsAsync<PostgresException>(() => Psql.RunAsync(lease.ConnectionString, Write));
        Assert.Equal(PostgresErrorCodes.InvalidCatalogName, late.SqlState);
    }

    [Fact]
    public async Task A_database_that_was_leased_empty_is_kept_and_all_in_it_is_the_test_s()
    {
        using var project = Project();
        await using var session = Start(project);
        session.StartTest(Failed);
        await using (var lease = await session.LeaseAsync(LeaseKind.Database, LeaseContent.Empty, Failed))
            await Psql.RunAsync(lease.ConnectionString, "create table mine (id int)", "insert into mine values (1)");
        await session.WaitForReleaseAsync();

        var attached = await session.FailTestAsync(Failed);

        Assert.Contains("| `public.mine` | – | 1 |", attached, StringComparison.Ordinal);
        Assert.Contains("`public.mine`: 1 added", attached, StringComparison.Ordinal);
        Assert.Single((await session.EndAsync()).Kept);
    }

    [Fact]
    public async Task A_schema_in_a_database_of_several_leases_is_not_kept_and_the_results_say_so()
    {
        using var project = Project();
        await using var session = Start(project);
        session.StartTest(Failed);
        session.StartTest("PackTests.FailsToo");
        await using (await session.LeaseAsync(LeaseKind.Schema, LeaseContent.Empty, "PackTests"))
        {
        }

        await session.WaitForReleaseAsync();

        Assert.Contains("Not kept: ", await session.FailTestAsync(Failed), StringComparison.Ordinal);
        Assert.Contains("Not kept: ", await session.FailTestAsync("PackTests.FailsToo"), StringComparison.Ordinal);
        Assert.Empty((await session.EndAsync()).Kept);
    }

    [Fact]
    public async Task A_database_that_its_test_dropped_is_not_kept_and_the_result_says_so()
    {
        using var project = Project();
        await using var session = Start(project);
        session.StartTest(Failed);
        await using (var lease = await session.LeaseAsync(LeaseKind.Database, LeaseContent.Migrated, Failed))
            await Psql.RunAsync(server.Address, "postgres", $"drop database {lease.Database} with (force)");
        await session.WaitForReleaseAsync();

        var attached = await session.FailTestAsync(Failed);
        var report = await session.EndAsync();

        Assert.Contains("Not kept: ", attached, StringComparison.Ordinal);
        Assert.Empty(report.Kept);
        Assert.Contains(report.Log, entry => entry.Level == LogLevel.Warning && entry.Message.StartsWith("SI2013: ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_could_not_be_kept_of_one_failed_test_is_not_tried_again_for_another()
    {
        using var project = Project();
        await using var session = Start(project);
        session.StartTest("PackTests.First");
        session.StartTest("PackTests.Second");
        await using (var lease = await session.LeaseAsync(LeaseKind.Database, LeaseContent.Migrated, "PackTests"))
            await Psql.RunAsync(server.Address, "postgres", $"drop database {lease.Database} with (force)");
        await session.WaitForReleaseAsync();

        var first = await session.FailTestAsync("PackTests.First");
        var second = await session.FailTestAsync("PackTests.Second");

        Assert.Contains("Not kept: ", first, StringComparison.Ordinal);
        Assert.Equal(first!.Split("Not kept: ")[1], second!.Split("Not kept: ")[1]);
        Assert.Empty((await session.EndAsync()).Kept);
    }

    [Fact]
    public async Task Leases_of_which_no_test_is_told_do_not_hold_up_others()
    {
        using var project = Project();
        await using var session = Start(project, ("MaxSlots", "1"), ("LeaseTimeout", "00:00:30"));

        for (var i = 0; i < 40; i++)
            await UseAsync(session, $"Base.Initialize{i.ToString(CultureInfo.InvariantCulture)}", sql: Write, isTold: false);

        var report = await session.EndAsync();
        Assert.Equal(40, report.Counts.Leases);
        Assert.InRange(report.Counts.Made, 17, 19); // Those that may wait, the two of a lease, and the one that was read to know what an unused one is like.
        Assert.Equal(0, report.Counts.Left);
    }

    [Fact]
    public async Task A_slot_whose_test_has_passed_is_used_again()
    {
        using var project = Project();
        await using var session = Start(project);

        for (var i = 0; i < 20; i++)
        {
            await UseAsync(session, $"A.Test{i.ToString(CultureInfo.InvariantCulture)}", sql: Write);
            session.PassTest($"A.Test{i.ToString(CultureInfo.InvariantCulture)}");
        }

        Assert.InRange((await session.EndAsync()).Counts.Made, 2, 7);
    }

    private static ProjectDirectory Project(string more = "") => new ProjectDirectory().Migration("1.sql", $"{Table}; {more}").Seed("2.sql", "insert into t (text) values ('seed')");

    private RunningSession Start(ProjectDirectory project, int keep) => Start(project, ("KeepFailed", keep.ToString(CultureInfo.InvariantCulture)));

    private RunningSession Start(ProjectDirectory project, params (string Key, string Value)[] values)
        => RunningSession.Start(project.Configure(server.Address, [("Reuse", "Fenced"), ("KeepFailed", "10"), .. values]));

    private static async Task UseAsync(RunningSession session, string test, LeaseKind kind = LeaseKind.Schema, params string[] sql)
        => await UseAsync(session, test, isTold: true, kind, sql);

    private static Task UseAsync(RunningSession session, string test, string sql, bool isTold = true) => UseAsync(session, test, isTold, LeaseKind.Schema, sql);

    private static async Task UseAsync(RunningSession session, string test, bool isTold, LeaseKind kind, params string[] sql)
    {
        if (isTold)
            session.StartTest(test);
        await using (var lease = await session.LeaseAsync(kind, test: test))
            await Psql.RunAsync(lease.ConnectionString, sql);
        if (isTold)
            await session.WaitForReleaseAsync();
    }

    private async Task<string> ListAsync(RunningSession session)
        => await Psql.RunAsync(server.Address, "postgres", $"select datname from pg_database where datname like 'si\\__\\_{session.Id}\\_%'");
}
