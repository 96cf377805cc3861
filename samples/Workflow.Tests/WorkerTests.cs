using Npgsql;
using Workflow.Tests.Fixtures;

namespace Workflow.Tests;

public sealed class WorkerTests
{
    private static readonly DateTime Noon = new(2030, 1, 1, 12, 0, 0, DateTimeKind.Utc);

    [Fact]
    public async Task A_registered_worker_is_starting()
    {
        await using var db = await WorkflowDatabase.LeaseAsync();

        var worker = await new WorkerFixture().At("10.0.0.1", 9000).CreateAsync(db);

        Assert.Equal(WorkerStatus.Starting, worker.Status);
        Assert.Equal("10.0.0.1", worker.Host);
        Assert.Equal(9000, worker.Port);
        Assert.Null(worker.LastHeartbeatAt);
    }

    [Fact]
    public async Task A_worker_that_registers_again_has_moved()
    {
        await using var db = await WorkflowDatabase.LeaseAsync();
        var runtime = await new RuntimeFixture().CreateAsync(db);
        var worker = await new WorkerFixture("worker_1").On(runtime).At("10.0.0.1", 9000).HeardOf(Noon).CreateAsync(db);

        var moved = await db.Workers.RegisterAsync(new NewWorker(runtime.Id, "worker_1", "10.0.0.2", 9000));

        Assert.Equal(worker.Id, moved.Id);
        Assert.Equal("10.0.0.2", moved.Host);
        Assert.Equal(WorkerStatus.Starting, moved.Status);
    }

    [Fact]
    public async Task A_second_worker_at_the_same_host_and_port_is_refused()
    {
        await using var db = await WorkflowDatabase.LeaseAsync();
        await new WorkerFixture("worker_1").At("10.0.0.1", 9000).CreateAsync(db);

        var exception = await Assert.ThrowsAsync<PostgresException>(
            () => new WorkerFixture("worker_2").At("10.0.0.1", 9000).CreateAsync(db));

        Assert.Equal(PostgresErrorCodes.UniqueViolation, exception.SqlState);
        Assert.Equal("workers_host_port_key", exception.ConstraintName);
    }

    [Fact]
    public async Task The_first_heartbeat_makes_a_worker_ready()
    {
        await using var db = await WorkflowDatabase.LeaseAsync();
        var worker = await new WorkerFixture().CreateAsync(db);

        var ready = await db.Workers.BeatAsync(worker.Id, Noon);

        Assert.Equal(WorkerStatus.Ready, ready?.Status);
        Assert.Equal(Noon, ready?.LastHeartbeatAt);
    }

    [Fact]
    public async Task A_heartbeat_that_comes_late_does_not_turn_the_clock_back()
    {
        await using var db = await WorkflowDatabase.LeaseAsync();
        var worker = await new WorkerFixture().HeardOf(Noon).CreateAsync(db);

        var beaten = await db.Workers.BeatAsync(worker.Id, Noon.AddMinutes(-1));

        Assert.Equal(Noon, beaten?.LastHeartbeatAt);
    }

    [Fact]
    public async Task A_draining_worker_stays_so_when_it_beats()
    {
        await using var db = await WorkflowDatabase.LeaseAsync();
        var worker = await new WorkerFixture().HeardOf(Noon).CreateAsync(db);
        await db.Workers.DrainAsync(worker.Id);

        var beaten = await db.Workers.BeatAsync(worker.Id, Noon.AddMinutes(1));

        Assert.Equal(WorkerStatus.Draining, beaten?.Status);
    }

    [Fact]
    public async Task Workers_are_listed_by_status()
    {
        await using var db = await WorkflowDatabase.LeaseAsync();
        await new WorkerFixture("worker_2").HeardOf(Noon).CreateAsync(db);
        await new WorkerFixture("worker_1").HeardOf(Noon).CreateAsync(db);
        await new WorkerFixture("worker_3").CreateAsync(db);

        var workers = await db.Workers.ListAsync(WorkerStatus.Ready);

        Assert.Equal(["worker_1", "worker_2"], workers.Select(worker => worker.Name));
    }

    [Fact]
    public async Task A_capable_worker_is_ready_and_has_what_is_asked_for()
    {
        await using var db = await WorkflowDatabase.LeaseAsync();
        await new WorkerFixture("small").WithCapabilities("""{"gpu": false, "region": "eu"}""").HeardOf(Noon).CreateAsync(db);
        await new WorkerFixture("large").WithCapabilities("""{"gpu": true, "region": "eu"}""").HeardOf(Noon).CreateAsync(db);
        await new WorkerFixture("starting").WithCapabilities("""{"gpu": true, "region": "eu"}""").CreateAsync(db);

        var workers = await db.Workers.ListCapableAsync("""{"gpu": true}""");

        Assert.Equal(["large"], workers.Select(worker => worker.Name));
    }

    [Fact]
    public async Task Only_silent_workers_are_retired()
    {
        await using var db = await WorkflowDatabase.LeaseAsync();
        var silent = await new WorkerFixture("silent").HeardOf(Noon.AddMinutes(-5)).CreateAsync(db);
        var alive = await new WorkerFixture("alive").HeardOf(Noon).CreateAsync(db);

        var retired = await db.Workers.RetireSilentAsync(since: Noon.AddMinutes(-1));

        Assert.Equal(["silent"], retired.Select(worker => worker.Name));
        Assert.Equal(WorkerStatus.Offline, (await db.Workers.FindAsync(silent.Id))?.Status);
        Assert.Equal(WorkerStatus.Ready, (await db.Workers.FindAsync(alive.Id))?.Status);
    }
}
