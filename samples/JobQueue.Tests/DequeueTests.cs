using Npgsql;
using SchemaIsolation;

namespace Jobs.Tests;

public class DequeueTests
{
    [Fact]
    public Task An_enqueued_job_is_dequeued_as_it_was_given() => IsolatedSchema.RunAsync(async schema =>
    {
        await using var queue = await JobQueue.OpenAsync(schema.ConnectionString, schema.Name);
        await queue.EnqueueAsync(new NewJob("""{"to": "ada@example.org"}""") { Priority = 7, MaxAttempts = 3 });

        await using var job = await queue.DequeueAsync();

        Assert.Equal("""{"to": "ada@example.org"}""", job?.Payload);
        Assert.Equal(7, job?.Priority);
        Assert.Equal(1, job?.Attempt);
        Assert.Equal(3, job?.MaxAttempts);
        Assert.Null(job?.LastError);
    }, LeaseOptions.NameOnly);

    [Fact]
    public Task A_payload_that_is_not_JSON_is_refused_and_so_are_the_jobs_next_to_it() => IsolatedSchema.RunAsync(async schema =>
    {
        await using var queue = await JobQueue.OpenAsync(schema.ConnectionString, schema.Name);

        var exception = await Assert.ThrowsAsync<PostgresException>(() => queue.EnqueueAsync([new NewJob("1"), new NewJob("{")]));

        Assert.Equal(PostgresErrorCodes.InvalidTextRepresentation, exception.SqlState);
        Assert.Equal(new JobCounts(Queued: 0, Done: 0, Dead: 0), await queue.CountAsync());
    }, LeaseOptions.NameOnly);

    [Fact]
    public Task An_empty_queue_has_no_job_to_give() => IsolatedSchema.RunAsync(async schema =>
    {
        await using var queue = await JobQueue.OpenAsync(schema.ConnectionString, schema.Name);

        Assert.Null(await queue.DequeueAsync());
    }, LeaseOptions.NameOnly);

    [Fact]
    public Task Jobs_come_by_priority_and_then_by_age() => IsolatedSchema.RunAsync(async schema =>
    {
        await using var queue = await JobQueue.OpenAsync(schema.ConnectionString, schema.Name);
        await queue.EnqueueAsync(
        [
            new NewJob("\"low, older\"") { Priority = -1 },
            new NewJob("\"normal, older\""),
            new NewJob("\"high\"") { Priority = 10 },
            new NewJob("\"normal, younger\""),
        ]);

        await using var first = await queue.DequeueAsync();
        await using var second = await queue.DequeueAsync();
        await using var third = await queue.DequeueAsync();
        await using var fourth = await queue.DequeueAsync();

        Assert.Equal("\"high\"", first?.Payload);
        Assert.Equal("\"normal, older\"", second?.Payload);
        Assert.Equal("\"normal, younger\"", third?.Payload);
        Assert.Equal("\"low, older\"", fourth?.Payload);
    }, LeaseOptions.NameOnly);

    [Fact]
    public Task A_delayed_job_waits_for_its_time() => IsolatedSchema.RunAsync(async schema =>
    {
        var time = new ManualTimeProvider();
        await using var queue = await JobQueue.OpenAsync(schema.ConnectionString, schema.Name, new() { Time = time });
        await queue.EnqueueAsync(new NewJob("1") { RunAt = new(2026, 3, 2, 14, 0, 0, TimeSpan.FromHours(1)) });

        time.Advance(TimeSpan.FromMinutes(59));
        await using var early = await queue.DequeueAsync();
        time.Advance(TimeSpan.FromMinutes(1));
        await using var onTime = await queue.DequeueAsync();

        Assert.Null(early);
        Assert.NotNull(onTime);
    }, LeaseOptions.NameOnly);

    [Fact]
    public Task A_job_goes_to_the_queue_it_names_and_to_no_other() => IsolatedSchema.RunAsync(async schema =>
    {
        await using var queue = await JobQueue.OpenAsync(schema.ConnectionString, schema.Name);
        await queue.EnqueueAsync(new NewJob("1") { Queue = "mail" });

        await using var other = await queue.DequeueAsync();
        await using var mail = await queue.DequeueAsync("mail");

        Assert.Null(other);
        Assert.NotNull(mail);
    }, LeaseOptions.NameOnly);

    [Fact]
    public Task A_job_in_hand_is_given_to_nobody_else() => IsolatedSchema.RunAsync(async schema =>
    {
        await using var queue = await JobQueue.OpenAsync(schema.ConnectionString, schema.Name);
        await queue.EnqueueAsync(new NewJob("1"));
        await using var job = await queue.DequeueAsync();

        await using var again = await queue.DequeueAsync();

        Assert.NotNull(job);
        Assert.Null(again);
    }, LeaseOptions.NameOnly);

    [Fact]
    public Task A_job_put_down_unsettled_is_back_in_the_queue_with_its_attempt_not_counted() => IsolatedSchema.RunAsync(async schema =>
    {
        await using var queue = await JobQueue.OpenAsync(schema.ConnectionString, schema.Name);
        await queue.EnqueueAsync(new NewJob("1"));
        var job = await queue.DequeueAsync();
        await job!.DisposeAsync();

        await using var again = await queue.DequeueAsync();

        Assert.Equal(job.Id, again?.Id);
        Assert.Equal(1, again?.Attempt);
    }, LeaseOptions.NameOnly);
}
