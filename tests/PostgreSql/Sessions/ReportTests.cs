using SchemaIsolation.Keeper.Reporting;
using SchemaIsolation.Keeper.Reporting.Html;
using SchemaIsolation.Testing;
using SchemaIsolation.Wire;
using Xunit;

namespace SchemaIsolation.Tests.PostgreSql.Sessions;

/// <summary>What the report says of a session beside its leases and leaks.</summary>
[Trait("Version", "Any")]
public sealed class ReportTests(TestServer server)
{
    private const string Table = "create table t (id int generated always as identity primary key, text text)";

    [Theory]
    [InlineData("Fenced")]
    [InlineData("Warm")]
    public async Task It_follows_a_slot_from_lease_to_lease(string reuse)
    {
        using var project = new ProjectDirectory().Migration("1.sql", Table);
        await using var session = RunningSession.Start(project.Configure(server.Address, ("Reuse", reuse)));
        for (var number = 1; number <= 20; number++)
        {
            await using var lease = await session.LeaseAsync();
            await Psql.RunAsync(lease.ConnectionString, "insert into t (text) values ('mine')");
        }

        var report = await session.EndAsync();

        Assert.Equal(20, report.Leases.Count);
        Assert.InRange(Lanes.Of(report).Count, 1, report.Counts.Made);
        Assert.All(report.Resets, reset =>
        {
            Assert.Equal(ResetOutcome.Ready, reset.Outcome);
            Assert.Equal(report.Leases[reset.Lease - 1].Slot, reset.Slot);
            Assert.Equal(reuse == "Warm", reset.Next == reset.Slot);
        });
    }

    [Fact]
    public async Task It_says_of_which_slots_nothing_became()
    {
        using var project = new ProjectDirectory().Migration("1.sql", Table);
        await using var session = RunningSession.Start(project.Configure(server.Address, ("Reuse", "Fenced")));
        await using (var altered = await session.LeaseAsync())
            await Psql.RunAsync(altered.ConnectionString, "alter table t add column more int");
        await (await session.LeaseAsync(LeaseKind.Database, LeaseContent.Empty)).DisposeAsync();
        await Eventually.TrueAsync(async () => await server.ListDatabasesOfAsync(session.Id.ToString()) is [var left] && await IsUnusedAsync(left)); // The one that was read to know what an unused one is like.

        var report = await session.EndAsync();

        Assert.Equal([(1, ResetOutcome.Retired, null), (2, ResetOutcome.Dropped, null)], report.Resets.OrderBy(reset => reset.Lease).Select(reset => (reset.Lease, reset.Outcome, reset.Next)));
    }

    [Fact]
    public async Task It_says_how_long_each_file_took_in_the_session_that_ran_it()
    {
        using var project = new ProjectDirectory().Migration("1.sql", Table).Migration("2.sql", "create index on t (text)").Seed("3.sql", "insert into t (text) values ('seed')");
        var options = project.Configure(server.Address);

        var built = await RunAsync();
        var reused = await RunAsync();

        Assert.Equal([("1.sql", 2), ("2.sql", 2), ("3.sql", 2)], built.Migrations.Select(file => (file.Name, file.Runs)));
        Assert.All(built.Migrations, file => Assert.True(file.Milliseconds > 0));
        Assert.Empty(reused.Migrations);

        async Task<ReportedTemplate> RunAsync()
        {
            await using var session = RunningSession.Start(options);
            await (await session.LeaseAsync()).DisposeAsync();
            return Assert.Single((await session.EndAsync()).Templates);
        }
    }

    [Fact]
    public async Task Each_file_is_told_with_the_template_that_it_was_run_for()
    {
        using var project = new ProjectDirectory().Migration("1.sql", Table).File("more/2.sql", "insert into t (text) values ('seed')");
        var options = project.Configure(server.Address, ("Isolation", "Database"), ("Template:Name", "more"), ("Template:From", "default"), ("Template:Seeds", "more"));
        await using var session = RunningSession.Start(options);
        await (await session.LeaseAsync(template: "more")).DisposeAsync();

        var report = await session.EndAsync();

        Assert.Equal([("default", "1.sql"), ("more", "2.sql")], report.Templates.SelectMany(template => template.Migrations.Select(file => (template.Template, file.Name))));
    }

    private async Task<bool> IsUnusedAsync(string database)
    {
        try
        {
            return await Psql.RunAsync(server.Address, database, "select count(*) from information_schema.columns where column_name = 'more'") == "0";
        }
        catch (Npgsql.PostgresException)
        {
            return false; // It is being renamed or dropped.
        }
    }
}
