using Npgsql;
using Workflow.Tests.Fixtures;

namespace Workflow.Tests;

public sealed class RuntimeTests
{
    [Fact]
    public async Task A_command_keeps_the_order_of_its_words()
    {
        await using var db = await WorkflowDatabase.LeaseAsync();

        var runtime = await new RuntimeFixture().WithCommand("docker", "run", "--rm", "python:3.13").CreateAsync(db);

        Assert.Equal(["docker", "run", "--rm", "python:3.13"], runtime.Command);
    }

    [Fact]
    public async Task A_runtime_comes_in_several_versions()
    {
        await using var db = await WorkflowDatabase.LeaseAsync();
        await new RuntimeFixture("python").WithVersion("3.12").CreateAsync(db);
        await new RuntimeFixture("python").WithVersion("3.13").CreateAsync(db);

        var runtimes = await db.Runtimes.ListAsync();

        Assert.Equal(["3.12", "3.13"], runtimes.Select(runtime => runtime.Version));
    }

    [Fact]
    public async Task A_default_moves_from_one_version_to_the_other()
    {
        await using var db = await WorkflowDatabase.LeaseAsync();
        await new RuntimeFixture().WithVersion("3.12").Default().CreateAsync(db);
        var next = await new RuntimeFixture().WithVersion("3.13").CreateAsync(db);

        await db.Runtimes.MakeDefaultAsync(next.Id);

        Assert.Equal("3.13", (await db.Runtimes.FindDefaultAsync("python"))?.Version);
    }

    [Fact]
    public async Task A_default_of_another_ref_stays()
    {
        await using var db = await WorkflowDatabase.LeaseAsync();
        await new RuntimeFixture("node").WithVersion("24").Default().CreateAsync(db);
        var python = await new RuntimeFixture("python").CreateAsync(db);

        await db.Runtimes.MakeDefaultAsync(python.Id);

        Assert.Equal("24", (await db.Runtimes.FindDefaultAsync("node"))?.Version);
    }

    [Fact]
    public async Task An_unknown_runtime_does_not_become_the_default()
    {
        await using var db = await WorkflowDatabase.LeaseAsync();
        await new RuntimeFixture().WithVersion("3.12").Default().CreateAsync(db);

        var runtime = await db.Runtimes.MakeDefaultAsync(100);

        Assert.Null(runtime);
        Assert.Equal("3.12", (await db.Runtimes.FindDefaultAsync("python"))?.Version);
    }

    [Fact]
    public async Task A_second_default_is_refused()
    {
        await using var db = await WorkflowDatabase.LeaseAsync();
        await new RuntimeFixture().WithVersion("3.12").Default().CreateAsync(db);

        var exception = await Assert.ThrowsAsync<PostgresException>(
            () => new RuntimeFixture().WithVersion("3.13").Default().CreateAsync(db));

        Assert.Equal(PostgresErrorCodes.UniqueViolation, exception.SqlState);
        Assert.Equal("runtimes_default_idx", exception.ConstraintName);
    }

    [Fact]
    public async Task A_runtime_that_nothing_runs_on_is_deleted()
    {
        await using var db = await WorkflowDatabase.LeaseAsync();
        var runtime = await new RuntimeFixture().CreateAsync(db);

        var deleted = await db.Runtimes.DeleteAsync(runtime.Id);

        Assert.True(deleted);
        Assert.Null(await db.Runtimes.FindAsync(runtime.Id));
    }
}
