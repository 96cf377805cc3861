using Dapper;
using Workflow.Tests.Fixtures;

namespace Workflow.Tests;

public sealed class ExecutionTests
{
    [Fact]
    public async Task A_requested_execution_waits()
    {
        await using var db = await WorkflowDatabase.LeaseAsync();
        var action = await new ActionFixture("core.echo").CreateAsync(db);
        var ada = await new IdentityFixture("ada").CreateAsync(db);

        var execution = await new ExecutionFixture().Of(action).RequestedBy(ada).WithParameters("""{"message": "hi"}""").CreateAsync(db);

        Assert.Equal(ExecutionStatus.Requested, execution.Status);
        Assert.Equal("core.echo", execution.ActionRef);
        Assert.Equal(ada.Id, execution.RequestedBy);
        Assert.Equal("""{"message": "hi"}""", execution.Parameters);
        Assert.Null(execution.StartedAt);
    }

    [Fact]
    public async Task An_execution_is_traced_back_to_its_enforcement()
    {
        await using var db = await WorkflowDatabase.LeaseAsync();
        var enforcement = await new EnforcementFixture().CreateAsync(db);

        var execution = await new ExecutionFixture().For(enforcement).CreateAsync(db);

        Assert.Equal(enforcement.Id, execution.EnforcementId);
    }

    [Fact]
    public async Task A_worker_claims_the_execution_that_waits_longest()
    {
        await using var db = await WorkflowDatabase.LeaseAsync();
        var worker = await new WorkerFixture().CreateAsync(db);
        var first = await new ExecutionFixture().CreateAsync(db);
        await new ExecutionFixture().CreateAsync(db);

        var claimed = await db.Executions.ClaimNextAsync(worker.Id);

        Assert.Equal(first.Id, claimed?.Id);
        Assert.Equal(worker.Id, claimed?.WorkerId);
        Assert.Equal(ExecutionStatus.Running, claimed?.Status);
        Assert.NotNull(claimed?.StartedAt);
    }

    [Fact]
    public async Task An_empty_queue_gives_nothing_to_claim()
    {
        await using var db = await WorkflowDatabase.LeaseAsync();
        var worker = await new WorkerFixture().CreateAsync(db);

        var claimed = await db.Executions.ClaimNextAsync(worker.Id);

        Assert.Null(claimed);
    }

    [Fact]
    public async Task Workers_that_claim_at_the_same_time_get_different_executions()
    {
        await using var db = await WorkflowDatabase.LeaseAsync();
        var worker = await new WorkerFixture().CreateAsync(db);
        await new ExecutionFixture().CreateAsync(db);
        await new ExecutionFixture().CreateAsync(db);
        await new ExecutionFixture().CreateAsync(db);

        var claimed = await Task.WhenAll(
            db.Executions.ClaimNextAsync(worker.Id),
            db.Executions.ClaimNextAsync(worker.Id),
            db.Executions.ClaimNextAsync(worker.Id));

        Assert.Equal([1, 2, 3], claimed.Select(execution => execution!.Id).Order());
    }

    [Fact]
    public async Task A_claim_does_not_wait_for_another_one()
    {
        await using var db = await WorkflowDatabase.LeaseAsync();
        var worker = await new WorkerFixture().CreateAsync(db);
        var first = await new ExecutionFixture().CreateAsync(db);
        var second = await new ExecutionFixture().CreateAsync(db);
        await using var connection = await db.DataSource.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await connection.ExecuteAsync("select from executions where id = @Id for update", first);

        var claimed = await db.Executions.ClaimNextAsync(worker.Id);

        Assert.Equal(second.Id, claimed?.Id);
    }

    [Fact]
    public async Task A_running_execution_is_not_started_again()
    {
        await using var db = await WorkflowDatabase.LeaseAsync();
        var worker = await new WorkerFixture().CreateAsync(db);
        var execution = await new ExecutionFixture().RunningOn(worker).CreateAsync(db);

        var started = await db.Executions.StartAsync(execution.Id, worker.Id);

        Assert.Null(started);
    }

    [Fact]
    public async Task A_running_execution_succeeds_with_a_result()
    {
        await using var db = await WorkflowDatabase.LeaseAsync();
        var worker = await new WorkerFixture().CreateAsync(db);
        var execution = await new ExecutionFixture().RunningOn(worker).CreateAsync(db);

        var succeeded = await db.Executions.SucceedAsync(execution.Id, """{"exit_code": 0}""");

        Assert.Equal(ExecutionStatus.Succeeded, succeeded?.Status);
        Assert.Equal("""{"exit_code": 0}""", succeeded?.Result);
        Assert.NotNull(succeeded?.FinishedAt);
    }

    [Fact]
    public async Task A_waiting_execution_cannot_succeed()
    {
        await using var db = await WorkflowDatabase.LeaseAsync();
        var execution = await new ExecutionFixture().CreateAsync(db);

        var succeeded = await db.Executions.SucceedAsync(execution.Id, "{}");

        Assert.Null(succeeded);
    }

    [Fact]
    public async Task A_failed_execution_is_tried_again()
    {
        await using var db = await WorkflowDatabase.LeaseAsync();
        var worker = await new WorkerFixture().CreateAsync(db);
        var execution = await new ExecutionFixture().WithAttempts(max: 2).RunningOn(worker).CreateAsync(db);
        await db.Executions.FailAsync(execution.Id, """{"error": "timeout"}""");

        var retried = await db.Executions.RetryAsync(execution.Id);

        Assert.Equal(ExecutionStatus.Requested, retried?.Status);
        Assert.Equal(2, retried?.Attempt);
        Assert.Null(retried?.Result);
        Assert.Null(retried?.WorkerId);
    }

    [Fact]
    public async Task A_failed_execution_without_attempts_left_stays_failed()
    {
        await using var db = await WorkflowDatabase.LeaseAsync();
        var worker = await new WorkerFixture().CreateAsync(db);
        var execution = await new ExecutionFixture().WithAttempts(max: 1).RunningOn(worker).CreateAsync(db);
        await db.Executions.FailAsync(execution.Id, """{"error": "timeout"}""");

        var retried = await db.Executions.RetryAsync(execution.Id);

        Assert.Null(retried);
        Assert.Equal(ExecutionStatus.Failed, (await db.Executions.FindAsync(execution.Id))?.Status);
    }

    [Fact]
    public async Task Executions_are_listed_by_status()
    {
        await using var db = await WorkflowDatabase.LeaseAsync();
        var worker = await new WorkerFixture().CreateAsync(db);
        var running = await new ExecutionFixture().RunningOn(worker).CreateAsync(db);
        await new ExecutionFixture().CreateAsync(db);

        var executions = await db.Executions.ListAsync(ExecutionStatus.Running);

        Assert.Equal([running.Id], executions.Select(execution => execution.Id));
    }

    [Fact]
    public async Task Children_are_listed_without_their_children()
    {
        await using var db = await WorkflowDatabase.LeaseAsync();
        var parent = await new ExecutionFixture().CreateAsync(db);
        var child = await new ExecutionFixture().ChildOf(parent).CreateAsync(db);
        await new ExecutionFixture().ChildOf(child).CreateAsync(db);

        var children = await db.Executions.ListChildrenAsync(parent.Id);

        Assert.Equal([child.Id], children.Select(execution => execution.Id));
    }

    [Fact]
    public async Task Descendants_are_listed_down_to_the_last()
    {
        await using var db = await WorkflowDatabase.LeaseAsync();
        var parent = await new ExecutionFixture().CreateAsync(db);
        var child = await new ExecutionFixture().ChildOf(parent).CreateAsync(db);
        var grandchild = await new ExecutionFixture().ChildOf(child).CreateAsync(db);
        await new ExecutionFixture().CreateAsync(db);

        var descendants = await db.Executions.ListDescendantsAsync(parent.Id);

        Assert.Equal([child.Id, grandchild.Id], descendants.Select(execution => execution.Id));
    }

    [Fact]
    public async Task A_cancelled_execution_takes_its_descendants_with_it()
    {
        await using var db = await WorkflowDatabase.LeaseAsync();
        var parent = await new ExecutionFixture().CreateAsync(db);
        var child = await new ExecutionFixture().ChildOf(parent).CreateAsync(db);
        var grandchild = await new ExecutionFixture().ChildOf(child).CreateAsync(db);

        var count = await db.Executions.CancelAsync(parent.Id);

        Assert.Equal(3, count);
        Assert.Equal(ExecutionStatus.Cancelled, (await db.Executions.FindAsync(grandchild.Id))?.Status);
    }

    [Fact]
    public async Task A_finished_child_is_not_cancelled()
    {
        await using var db = await WorkflowDatabase.LeaseAsync();
        var worker = await new WorkerFixture().CreateAsync(db);
        var parent = await new ExecutionFixture().CreateAsync(db);
        var child = await new ExecutionFixture().ChildOf(parent).RunningOn(worker).CreateAsync(db);
        await db.Executions.SucceedAsync(child.Id, "{}");

        var count = await db.Executions.CancelAsync(parent.Id);

        Assert.Equal(1, count);
        Assert.Equal(ExecutionStatus.Succeeded, (await db.Executions.FindAsync(child.Id))?.Status);
    }
}
