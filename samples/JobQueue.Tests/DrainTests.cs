using System.Collections.Concurrent;
using SchemaIsolation;

namespace Jobs.Tests;

public class DrainTests
{
    [Fact]
    public Task Eight_workers_handle_each_of_200_jobs_exactly_once() => IsolatedSchema.RunAsync(async schema =>
    {
        await using var queue = await JobQueue.OpenAsync(schema.ConnectionString, schema.Name);
        await queue.EnqueueAsync(Enumerable.Range(1, 200).Select(number => new NewJob($"{number}")));
        var payloads = new ConcurrentBag<int>();

        var handled = await queue.DrainAsync(
            (job, _) =>
            {
                payloads.Add(int.Parse(job.Payload));
                return Task.CompletedTask;
            },
            workers: 8);

        Assert.Equal(200, handled);
        Assert.Equal(Enumerable.Range(1, 200), payloads.Order());
        Assert.Equal(new JobCounts(Queued: 0, Done: 200, Dead: 0), await queue.CountAsync());
    }, LeaseOptions.NameOnly);

    [Fact]
    public Task Two_workers_handle_two_jobs_side_by_side() => IsolatedSchema.RunAsync(async schema =>
    {
        await using var queue = await JobQueue.OpenAsync(schema.ConnectionString, schema.Name);
        await queue.EnqueueAsync([new NewJob("1"), new NewJob("2")]);
        var first = new TaskCompletionSource();
        var second = new TaskCompletionSource();

        // Each handler ends only when the other has started.
        var handled = await queue.DrainAsync(
            (job, _) =>
            {
                var (mine, others) = job.Payload == "1" ? (first, second) : (second, first);
                mine.SetResult();
                return others.Task.WaitAsync(TimeSpan.FromSeconds(30));
            },
            workers: 2);

        Assert.Equal(2, handled);
        Assert.Equal(new JobCounts(Queued: 0, Done: 2, Dead: 0), await queue.CountAsync());
    }, LeaseOptions.NameOnly);

    [Fact]
    public Task A_handler_that_throws_fails_its_job_and_no_other() => IsolatedSchema.RunAsync(async schema =>
    {
        var time = new ManualTimeProvider();
        await using var queue = await JobQueue.OpenAsync(schema.ConnectionString, schema.Name, new() { Time = time });
        await queue.EnqueueAsync([new NewJob("1"), new NewJob("0"), new NewJob("2")]);

        var handled = await queue.DrainAsync(
            (job, _) => job.Payload == "0" ? throw new InvalidOperationException("The mailbox is full.") : Task.CompletedTask);

        time.Advance(TimeSpan.FromSeconds(10));
        await using var retry = await queue.DequeueAsync();
        Assert.Equal(3, handled);
        Assert.Equal(new JobCounts(Queued: 1, Done: 2, Dead: 0), await queue.CountAsync());
        Assert.Equal("0", retry?.Payload);
        Assert.Equal("The mailbox is full.", retry?.LastError);
    }, LeaseOptions.NameOnly);

    [Fact]
    public Task A_drain_leaves_delayed_jobs_for_later() => IsolatedSchema.RunAsync(async schema =>
    {
        var time = new ManualTimeProvider();
        await using var queue = await JobQueue.OpenAsync(schema.ConnectionString, schema.Name, new() { Time = time });
        await queue.EnqueueAsync([new NewJob("1"), new NewJob("2") { RunAt = time.GetUtcNow().AddHours(1) }]);

        var handled = await queue.DrainAsync((_, _) => Task.CompletedTask);

        Assert.Equal(1, handled);
        Assert.Equal(new JobCounts(Queued: 1, Done: 1, Dead: 0), await queue.CountAsync());
    }, LeaseOptions.NameOnly);

    [Fact]
    public Task Cancelling_a_drain_puts_the_job_in_hand_back() => IsolatedSchema.RunAsync(async schema =>
    {
        await using var queue = await JobQueue.OpenAsync(schema.ConnectionString, schema.Name);
        await queue.EnqueueAsync([new NewJob("1"), new NewJob("2")]);
        using var cancellation = new CancellationTokenSource();
        var started = new TaskCompletionSource();
        var drain = queue.DrainAsync(
            (_, cancellationToken) =>
            {
                started.SetResult();
                return Task.Delay(Timeout.Infinite, cancellationToken);
            },
            cancellationToken: cancellation.Token);
        await started.Task;

        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => drain);
        await using var job = await queue.DequeueAsync();
        Assert.Equal("1", job?.Payload);
        Assert.Equal(1, job?.Attempt);
        Assert.Equal(new JobCounts(Queued: 2, Done: 0, Dead: 0), await queue.CountAsync());
    }, LeaseOptions.NameOnly);

    [Fact]
    public Task A_job_that_was_finished_when_the_drain_was_cancelled_is_done() => IsolatedSchema.RunAsync(async schema =>
    {
        await using var queue = await JobQueue.OpenAsync(schema.ConnectionString, schema.Name);
        await queue.EnqueueAsync([new NewJob("1"), new NewJob("2")]);
        using var cancellation = new CancellationTokenSource();

        var drain = queue.DrainAsync((_, _) => cancellation.CancelAsync(), cancellationToken: cancellation.Token);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => drain);
        Assert.Equal(new JobCounts(Queued: 1, Done: 1, Dead: 0), await queue.CountAsync());
    }, LeaseOptions.NameOnly);
}
