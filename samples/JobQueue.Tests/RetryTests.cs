using SchemaIsolation;

namespace Jobs.Tests;

public class RetryTests
{
    [Fact]
    public Task A_completed_job_is_done_and_never_comes_back() => IsolatedSchema.RunAsync(async schema =>
    {
        await using var queue = await JobQueue.OpenAsync(schema.ConnectionString, schema.Name);
        await queue.EnqueueAsync(new NewJob("1"));
        await using var job = await queue.DequeueAsync();

        await job!.CompleteAsync();

        Assert.Equal(new JobCounts(Queued: 0, Done: 1, Dead: 0), await queue.CountAsync());
        Assert.Null(await queue.DequeueAsync());
    }, LeaseOptions.NameOnly);

    [Fact]
    public Task A_failed_job_is_retried_after_its_back_off() => IsolatedSchema.RunAsync(async schema =>
    {
        var time = new ManualTimeProvider();
        await using var queue = await JobQueue.OpenAsync(schema.ConnectionString, schema.Name, new() { Time = time });
        await queue.EnqueueAsync(new NewJob("1"));
        await FailNextAsync(queue);

        time.Advance(TimeSpan.FromSeconds(9));
        await using var early = await queue.DequeueAsync();
        time.Advance(TimeSpan.FromSeconds(1));
        await using var onTime = await queue.DequeueAsync();

        Assert.Null(early);
        Assert.Equal(2, onTime?.Attempt);
    }, LeaseOptions.NameOnly);

    [Fact]
    public Task The_back_off_doubles_with_each_attempt() => IsolatedSchema.RunAsync(async schema =>
    {
        var time = new ManualTimeProvider();
        await using var queue = await JobQueue.OpenAsync(schema.ConnectionString, schema.Name, new() { Time = time });
        await queue.EnqueueAsync(new NewJob("1"));
        await FailNextAsync(queue);
        time.Advance(TimeSpan.FromSeconds(10));
        await FailNextAsync(queue);

        time.Advance(TimeSpan.FromSeconds(19));
        await using var early = await queue.DequeueAsync();
        time.Advance(TimeSpan.FromSeconds(1));
        await using var onTime = await queue.DequeueAsync();

        Assert.Null(early);
        Assert.Equal(3, onTime?.Attempt);
    }, LeaseOptions.NameOnly);

    [Fact]
    public Task A_back_off_of_your_own_is_asked_with_the_attempt_that_failed() => IsolatedSchema.RunAsync(async schema =>
    {
        var time = new ManualTimeProvider();
        var options = new JobQueueOptions { Time = time, BackOff = attempt => TimeSpan.FromDays(attempt) };
        await using var queue = await JobQueue.OpenAsync(schema.ConnectionString, schema.Name, options);
        await queue.EnqueueAsync(new NewJob("1"));
        await FailNextAsync(queue);

        time.Advance(TimeSpan.FromHours(23));
        await using var early = await queue.DequeueAsync();
        time.Advance(TimeSpan.FromHours(1));
        await using var onTime = await queue.DequeueAsync();

        Assert.Null(early);
        Assert.NotNull(onTime);
    }, LeaseOptions.NameOnly);

    [Fact]
    public Task A_job_is_dead_when_its_attempts_are_used_up() => IsolatedSchema.RunAsync(async schema =>
    {
        var time = new ManualTimeProvider();
        await using var queue = await JobQueue.OpenAsync(schema.ConnectionString, schema.Name, new() { Time = time });
        await queue.EnqueueAsync(new NewJob("1") { MaxAttempts = 2 });
        await FailNextAsync(queue);
        time.Advance(TimeSpan.FromSeconds(10));

        await FailNextAsync(queue);

        time.Advance(TimeSpan.FromDays(365));
        Assert.Null(await queue.DequeueAsync());
        Assert.Equal(new JobCounts(Queued: 0, Done: 0, Dead: 1), await queue.CountAsync());
    }, LeaseOptions.NameOnly);

    [Fact]
    public Task The_next_attempt_is_told_the_last_error() => IsolatedSchema.RunAsync(async schema =>
    {
        var time = new ManualTimeProvider();
        await using var queue = await JobQueue.OpenAsync(schema.ConnectionString, schema.Name, new() { Time = time });
        await queue.EnqueueAsync(new NewJob("1"));
        await FailNextAsync(queue, "The mailbox is full.");
        time.Advance(TimeSpan.FromSeconds(10));

        await using var job = await queue.DequeueAsync();

        Assert.Equal("The mailbox is full.", job?.LastError);
    }, LeaseOptions.NameOnly);

    [Fact]
    public Task A_job_is_settled_once() => IsolatedSchema.RunAsync(async schema =>
    {
        await using var queue = await JobQueue.OpenAsync(schema.ConnectionString, schema.Name);
        await queue.EnqueueAsync(new NewJob("1"));
        await using var job = await queue.DequeueAsync();
        await job!.CompleteAsync();

        await Assert.ThrowsAsync<InvalidOperationException>(() => job.FailAsync("Too late."));

        Assert.Equal(new JobCounts(Queued: 0, Done: 1, Dead: 0), await queue.CountAsync());
    }, LeaseOptions.NameOnly);

    private static async Task FailNextAsync(JobQueue queue, string error = "It failed.")
    {
        await using var job = await queue.DequeueAsync();
        await job!.FailAsync(error);
    }
}
