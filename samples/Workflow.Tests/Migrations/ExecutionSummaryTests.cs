using Workflow.Tests.Fixtures;

namespace Workflow.Tests.Migrations;

public sealed class ExecutionSummaryTests
{
    [Fact]
    public async Task A_summary_of_no_executions_is_empty()
    {
        await using var db = await WorkflowDatabase.LeaseAsync();

        var summaries = await db.Executions.SummarizeAsync();

        Assert.Empty(summaries);
    }

    [Fact]
    public async Task A_summary_counts_the_executions_of_an_action()
    {
        await using var db = await WorkflowDatabase.LeaseAsync();
        var worker = await new WorkerFixture().CreateAsync(db);
        var failed = await new ExecutionFixture().RunningOn(worker).CreateAsync(db);
        var succeeded = await new ExecutionFixture().RunningOn(worker).CreateAsync(db);
        await new ExecutionFixture().RunningOn(worker).CreateAsync(db);
        await new ExecutionFixture().CreateAsync(db);
        await db.Executions.FailAsync(failed.Id, "{}");
        await db.Executions.SucceedAsync(succeeded.Id, "{}");

        var summary = Assert.Single(await db.Executions.SummarizeAsync());

        Assert.Equal("core.echo", summary.ActionRef);
        Assert.Equal(4, summary.Total);
        Assert.Equal(2, summary.Unfinished);
        Assert.Equal(1, summary.Succeeded);
        Assert.Equal(1, summary.Failed);
    }

    [Fact]
    public async Task A_summary_has_a_row_for_each_action()
    {
        await using var db = await WorkflowDatabase.LeaseAsync();
        var post = await new ActionFixture("slack.post").CreateAsync(db);
        var echo = await new ActionFixture("core.echo").CreateAsync(db);
        await new ExecutionFixture().Of(post).CreateAsync(db);
        await new ExecutionFixture().Of(echo).CreateAsync(db);

        var summaries = await db.Executions.SummarizeAsync();

        Assert.Equal(["core.echo", "slack.post"], summaries.Select(summary => summary.ActionRef));
    }

    [Fact]
    public async Task The_average_duration_is_of_those_that_succeeded()
    {
        await using var db = await WorkflowDatabase.LeaseAsync();
        var action = await new ActionFixture("core.echo").CreateAsync(db);
        await db.ExecuteAsync(
            """
            insert into executions (action_id, action_ref, status, started_at, finished_at)
            values (@Id, 'core.echo', 'succeeded', '2030-01-01 12:00:00', '2030-01-01 12:00:10'),
                   (@Id, 'core.echo', 'succeeded', '2030-01-01 12:00:00', '2030-01-01 12:00:20'),
                   (@Id, 'core.echo', 'failed',    '2030-01-01 12:00:00', '2030-01-01 12:10:00')
            """,
            action);

        var summary = Assert.Single(await db.Executions.SummarizeAsync());

        Assert.Equal(TimeSpan.FromSeconds(15), summary.AverageDuration);
    }

    [Fact]
    public async Task Nothing_that_succeeded_has_no_average_duration()
    {
        await using var db = await WorkflowDatabase.LeaseAsync();
        await new ExecutionFixture().CreateAsync(db);

        var summary = Assert.Single(await db.Executions.SummarizeAsync());

        Assert.Null(summary.AverageDuration);
    }
}
