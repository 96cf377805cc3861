using Npgsql;
using SchemaIsolation.Keeper.Configuration;
using SchemaIsolation.Testing;
using SchemaIsolation.Wire;
using Xunit;

namespace SchemaIsolation.Tests.PostgreSql.Sessions;

/// <summary>Templates that code of the test project makes.</summary>
[Trait("Version", "Any")]
public sealed class DefinedTemplateTests(TestServer server)
{
    [Theory]
    [InlineData("Auto", LeaseKind.Schema, 1)]
    [InlineData("Auto", LeaseKind.Database, 1)]
    [InlineData("Schema", LeaseKind.Schema, 2)] // Two copies, for the proof.
    [InlineData("Database", LeaseKind.Schema, 1)]
    internal async Task A_template_is_built_once_however_many_ask(string isolation, LeaseKind kind, int built)
    {
        using var project = new ProjectDirectory();
        var builds = 0;
        var orders = Orders(project, onBuild: () => Interlocked.Increment(ref builds));
        var options = project.Configure(server.Address, ("Reuse", "Fenced"), ("Isolation", isolation));
        await using var session = RunningSession.Start(options);
        await using var other = RunningSession.Start(options);

        var found = await Task.WhenAll(Enumerable.Range(0, 8).Select(async number =>
        {
            var asked = number % 2 == 0 ? session : other;
            await asked.DefineAsync(orders, kind);
            await using var lease = await asked.LeaseAsync(kind, template: "orders");
            return await Psql.RunAsync(lease.ConnectionString, "insert into orders values (1)", "select count(*) from orders");
        }));

        Assert.All(found, count => Assert.Equal("1", count));
        Assert.Equal(built, builds);
        await session.AssertEndsWithNothingLeftAsync(server.Address);
        await other.AssertEndsWithNothingLeftAsync(server.Address);
    }

    [Fact]
    public async Task The_next_session_finds_it_until_its_fingerprint_is_another()
    {
        using var project = new ProjectDirectory();
        var builds = 0;
        var options = project.Configure(server.Address);

        await LeaseOnceAsync("1");
        await LeaseOnceAsync("1");
        await LeaseOnceAsync("2");

        Assert.Equal(2, builds);

        async Task LeaseOnceAsync(string version)
        {
            await using var session = RunningSession.Start(options);
            await session.DefineAsync(Orders(project, version, () => builds++));
            await using var lease = await session.LeaseAsync(template: "orders");
            Assert.Equal("0", await Psql.RunAsync(lease.ConnectionString, "select count(*) from orders"));
        }
    }

    [Fact]
    public async Task Code_that_fails_is_the_reason_that_its_tests_see()
    {
        using var project = new ProjectDirectory();
        await using var session = RunningSession.Start(project.Configure(server.Address));
        var broken = new TemplateDefinition("broken", project.Path, (_, _) => throw new InvalidOperationException("The model is empty."));

        var refusal = await Assert.ThrowsAsync<SchemaIsolationException>(() => session.DefineAsync(broken));
        var later = await Assert.ThrowsAsync<SchemaIsolationException>(() => session.LeaseAsync(template: "broken"));

        Assert.Equal("SI1214", refusal.Code);
        Assert.Equal("The code that defines template \"broken\" failed. Correct it: InvalidOperationException: The model is empty.", refusal.Reason);
        Assert.IsType<InvalidOperationException>(refusal.InnerException);
        Assert.Equal(refusal.Reason, later.Reason);
        await session.AssertEndsWithNothingLeftAsync(server.Address);
    }

    [Fact]
    public async Task Code_that_takes_too_long_is_refused_and_leaves_no_template()
    {
        using var project = new ProjectDirectory();
        await using var session = RunningSession.Start(project.Configure(server.Address, ("MigrationTimeout", "00:00:01")));
        var started = new TaskCompletionSource();
        var cancelled = new TaskCompletionSource();
        var slow = new TemplateDefinition("slow", project.Path, (_, cancellationToken) =>
        {
            cancellationToken.Register(cancelled.SetResult);
            started.SetResult();
            return new TaskCompletionSource().Task; // Whatever its token says.
        });

        var defining = session.DefineAsync(slow);
        await started.Task;
        var other = await Assert.ThrowsAsync<SchemaIsolationException>(() => session.LeaseAsync(template: "slow"));
        await cancelled.Task;
        var refusal = await Assert.ThrowsAsync<SchemaIsolationException>(() => defining);

        Assert.Equal(("SI1210", "SI1210"), (refusal.Code, other.Code));
        Assert.Equal("The code that defines template \"slow\" did not end within its time limit of \"00:00:01\". Make it faster or raise the limit.", refusal.Reason);
    }

    [Fact]
    public async Task A_name_that_the_configuration_has_is_refused()
    {
        using var project = new ProjectDirectory().Migration("1.sql", "create table t (n int)");
        await using var session = RunningSession.Start(project.Configure(server.Address));

        var refusal = await Assert.ThrowsAsync<SchemaIsolationException>(() => session.DefineAsync(new TemplateDefinition("default", "1", (_, _) => Task.CompletedTask)));

        Assert.Equal("SI1215", refusal.Code);
        Assert.Equal("The template \"default\" is one that the configuration has. Give each its own name.", refusal.Reason);
    }

    [Fact]
    public async Task Two_definitions_of_one_name_are_refused()
    {
        using var project = new ProjectDirectory();
        await using var session = RunningSession.Start(project.Configure(server.Address));
        await session.DefineAsync(Orders(project, "1"));

        var refusal = await Assert.ThrowsAsync<SchemaIsolationException>(() => session.DefineAsync(Orders(project, "2")));

        Assert.Equal("SI1215", refusal.Code);
        Assert.Equal("The template \"orders\" is defined twice, with different fingerprints. Give each its own name.", refusal.Reason);
    }

    private static TemplateDefinition Orders(ProjectDirectory project, string version = "1", Action? onBuild = null)
        => new("orders", $"{project.Path} {version}", async (connectionString, cancellationToken) =>
        {
            onBuild?.Invoke();
            await using var db = NpgsqlDataSource.Create(connectionString);
            await using var command = db.CreateCommand("create table orders (id int)");
            await command.ExecuteNonQueryAsync(cancellationToken);
        });
}
