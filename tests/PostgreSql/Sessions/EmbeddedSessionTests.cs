using SchemaIsolation.Testing;
using SchemaIsolation.Tests.PostgreSql.Servers;
using SchemaIsolation.Wire;
using Xunit;

namespace SchemaIsolation.Tests.PostgreSql.Sessions;

public sealed class EmbeddedSessionTests
{
    [Fact]
    public async Task A_session_without_configured_server_starts_its_own_and_stops_it()
    {
        using var root = await ServerRoot.CreateAsync();
        using var project = new ProjectDirectory().Migration("1.sql", "create table t (n int)");
        var session = RunningSession.Start(project.Configure(server: null, ("ServerDirectory", root.Path)));
        await using (var lease = await session.LeaseAsync())
            await Psql.RunAsync(lease.ConnectionString, "insert into t values (1)");

        var report = await session.EndAsync();

        Assert.True(report.Server!.IsEmbedded);
        Assert.Equal(0, report.Counts.Left);
        Assert.False(File.Exists(root.ProcessFile));
    }

    [Fact]
    public async Task The_next_session_reuses_the_template_of_the_one_before()
    {
        using var root = await ServerRoot.CreateAsync();
        using var project = new ProjectDirectory().Migration("1.sql", "create table t (n int)");
        var options = project.Configure(server: null, ("ServerDirectory", root.Path));
        await using (var before = RunningSession.Start(options))
            await (await before.LeaseAsync()).DisposeAsync();
        var session = RunningSession.Start(options);
        await (await session.LeaseAsync()).DisposeAsync();

        var report = await session.EndAsync();

        Assert.True(Assert.Single(report.Templates).IsReused);
    }

    [Fact]
    public async Task Sessions_at_the_same_time_share_the_server_and_the_template()
    {
        using var root = await ServerRoot.CreateAsync();
        using var project = new ProjectDirectory().Migration("1.sql", "create table t (n int)");
        var options = project.Configure(server: null, ("ServerDirectory", root.Path));
        var first = RunningSession.Start(options);
        var second = RunningSession.Start(options);
        await (await first.LeaseAsync()).DisposeAsync();
        await (await second.LeaseAsync()).DisposeAsync();

        var reports = await Task.WhenAll(first.EndAsync(), second.EndAsync());

        Assert.Equal([0, 0], reports.Select(report => report.Counts.Left));
        Assert.Single(reports.SelectMany(report => report.Templates), template => !template.IsReused);
        Assert.False(File.Exists(root.ProcessFile));
    }

    [Fact]
    public async Task A_server_directory_that_is_a_file_refuses_every_lease()
    {
        using var project = new ProjectDirectory();
        await File.WriteAllTextAsync(Path.Combine(project.Path, "file"), "");
        await using var session = RunningSession.Start(project.Configure(server: null, ("ServerDirectory", "file")));

        var exception = await Assert.ThrowsAsync<SchemaIsolationException>(() => session.LeaseAsync(LeaseKind.Schema, LeaseContent.Empty));

        Assert.Equal("SI1106", exception.Code);
    }

    [Fact]
    public async Task A_session_that_ends_while_its_server_starts_leaves_no_server()
    {
        using var root = await ServerRoot.CreateAsync();
        using var project = new ProjectDirectory();
        var session = RunningSession.Start(project.Configure(server: null, ("ServerDirectory", root.Path)));

        await session.EndAsync();

        Assert.False(File.Exists(root.ProcessFile));
    }

    [Fact]
    public async Task Migrations_that_fail_leave_no_server()
    {
        using var root = await ServerRoot.CreateAsync();
        using var project = new ProjectDirectory().Migration("1.sql", "select nope");
        var session = RunningSession.Start(project.Configure(server: null, ("ServerDirectory", root.Path)));
        await Assert.ThrowsAsync<SchemaIsolationException>(() => session.LeaseAsync());

        await session.EndAsync();

        Assert.False(File.Exists(root.ProcessFile));
    }
}
