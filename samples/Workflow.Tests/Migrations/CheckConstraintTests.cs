using Npgsql;
using Workflow.Tests.Fixtures;

namespace Workflow.Tests.Migrations;

public sealed class CheckConstraintTests
{
    [Theory]
    [InlineData("a")]
    [InlineData("core")]
    [InlineData("core_2")]
    public async Task A_pack_ref_is_accepted(string @ref)
    {
        await using var db = await WorkflowDatabase.LeaseAsync();

        var pack = await new PackFixture(@ref).CreateAsync(db);

        Assert.Equal(@ref, pack.Ref);
    }

    [Theory]
    [InlineData("")]
    [InlineData("Core")]
    [InlineData("2core")]
    [InlineData("co re")]
    [InlineData("core.echo")]
    public async Task A_pack_ref_is_refused(string @ref)
    {
        await using var db = await WorkflowDatabase.LeaseAsync();

        var exception = await Assert.ThrowsAsync<PostgresException>(() => new PackFixture(@ref).CreateAsync(db));

        Assert.Equal(PostgresErrorCodes.CheckViolation, exception.SqlState);
        Assert.Equal("packs_ref_format", exception.ConstraintName);
    }

    [Theory]
    [InlineData("")]
    [InlineData("1.0")]
    [InlineData("1.0.0-beta")]
    [InlineData("v1.0.0")]
    public async Task A_pack_version_is_refused(string version)
    {
        await using var db = await WorkflowDatabase.LeaseAsync();

        var exception = await Assert.ThrowsAsync<PostgresException>(() => new PackFixture().WithVersion(version).CreateAsync(db));

        Assert.Equal(PostgresErrorCodes.CheckViolation, exception.SqlState);
        Assert.Equal("packs_version_format", exception.ConstraintName);
    }

    [Theory]
    [InlineData("echo")]
    [InlineData("core.")]
    [InlineData("core.echo.twice")]
    [InlineData("core.Echo")]
    public async Task An_action_ref_is_refused(string @ref)
    {
        await using var db = await WorkflowDatabase.LeaseAsync();
        var pack = await new PackFixture("core").CreateAsync(db);

        var exception = await Assert.ThrowsAsync<PostgresException>(() => new ActionFixture(@ref).InPack(pack).CreateAsync(db));

        Assert.Equal(PostgresErrorCodes.CheckViolation, exception.SqlState);
        Assert.Equal("actions_ref_format", exception.ConstraintName);
    }

    [Fact]
    public async Task A_runtime_needs_a_version()
    {
        await using var db = await WorkflowDatabase.LeaseAsync();

        var exception = await Assert.ThrowsAsync<PostgresException>(() => new RuntimeFixture().WithVersion("").CreateAsync(db));

        Assert.Equal(PostgresErrorCodes.CheckViolation, exception.SqlState);
        Assert.Equal("runtimes_version_not_empty", exception.ConstraintName);
    }

    [Fact]
    public async Task A_runtime_needs_a_command()
    {
        await using var db = await WorkflowDatabase.LeaseAsync();

        var exception = await Assert.ThrowsAsync<PostgresException>(() => new RuntimeFixture().WithCommand().CreateAsync(db));

        Assert.Equal(PostgresErrorCodes.CheckViolation, exception.SqlState);
        Assert.Equal("runtimes_command_not_empty", exception.ConstraintName);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(65535)]
    public async Task A_worker_port_is_accepted(int port)
    {
        await using var db = await WorkflowDatabase.LeaseAsync();

        var worker = await new WorkerFixture().At("localhost", port).CreateAsync(db);

        Assert.Equal(port, worker.Port);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(65536)]
    public async Task A_worker_port_is_refused(int port)
    {
        await using var db = await WorkflowDatabase.LeaseAsync();

        var exception = await Assert.ThrowsAsync<PostgresException>(() => new WorkerFixture().At("localhost", port).CreateAsync(db));

        Assert.Equal(PostgresErrorCodes.CheckViolation, exception.SqlState);
        Assert.Equal("workers_port_range", exception.ConstraintName);
    }

    [Fact]
    public async Task An_execution_is_not_its_own_parent()
    {
        await using var db = await WorkflowDatabase.LeaseAsync();
        var execution = await new ExecutionFixture().CreateAsync(db);

        var exception = await Assert.ThrowsAsync<PostgresException>(
            () => db.ExecuteAsync("update executions set parent_id = id where id = @Id", execution));

        Assert.Equal(PostgresErrorCodes.CheckViolation, exception.SqlState);
        Assert.Equal("executions_not_own_parent", exception.ConstraintName);
    }

    [Fact]
    public async Task A_finished_execution_has_an_end()
    {
        await using var db = await WorkflowDatabase.LeaseAsync();
        var execution = await new ExecutionFixture().CreateAsync(db);

        var exception = await Assert.ThrowsAsync<PostgresException>(
            () => db.ExecuteAsync("update executions set status = 'succeeded' where id = @Id", execution));

        Assert.Equal(PostgresErrorCodes.CheckViolation, exception.SqlState);
        Assert.Equal("executions_finished_at_the_end", exception.ConstraintName);
    }

    [Fact]
    public async Task An_execution_does_not_end_before_it_starts()
    {
        await using var db = await WorkflowDatabase.LeaseAsync();
        var execution = await new ExecutionFixture().CreateAsync(db);

        var exception = await Assert.ThrowsAsync<PostgresException>(() => db.ExecuteAsync(
            "update executions set status = 'failed', started_at = '2030-01-02', finished_at = '2030-01-01' where id = @Id", execution));

        Assert.Equal(PostgresErrorCodes.CheckViolation, exception.SqlState);
        Assert.Equal("executions_finished_after_start", exception.ConstraintName);
    }

    [Fact]
    public async Task An_execution_has_at_least_one_attempt()
    {
        await using var db = await WorkflowDatabase.LeaseAsync();

        var exception = await Assert.ThrowsAsync<PostgresException>(() => new ExecutionFixture().WithAttempts(max: 0).CreateAsync(db));

        Assert.Equal(PostgresErrorCodes.CheckViolation, exception.SqlState);
        Assert.Equal("executions_attempt_range", exception.ConstraintName);
    }

    [Fact]
    public async Task An_execution_has_one_of_the_known_states()
    {
        await using var db = await WorkflowDatabase.LeaseAsync();
        var execution = await new ExecutionFixture().CreateAsync(db);

        var exception = await Assert.ThrowsAsync<PostgresException>(
            () => db.ExecuteAsync("update executions set status = 'paused' where id = @Id", execution));

        Assert.Equal(PostgresErrorCodes.InvalidTextRepresentation, exception.SqlState);
    }

    [Fact]
    public async Task An_answered_inquiry_has_a_response()
    {
        await using var db = await WorkflowDatabase.LeaseAsync();
        var inquiry = await new InquiryFixture().CreateAsync(db);

        var exception = await Assert.ThrowsAsync<PostgresException>(
            () => db.ExecuteAsync("update inquiries set status = 'answered' where id = @Id", inquiry));

        Assert.Equal(PostgresErrorCodes.CheckViolation, exception.SqlState);
        Assert.Equal("inquiries_answered_has_response", exception.ConstraintName);
    }

    [Fact]
    public async Task A_key_has_one_owner_at_most()
    {
        await using var db = await WorkflowDatabase.LeaseAsync();
        var ada = await new IdentityFixture("ada").CreateAsync(db);
        var core = await new PackFixture("core").CreateAsync(db);

        var exception = await Assert.ThrowsAsync<PostgresException>(() => new KeyFixture().OwnedBy(ada).OwnedBy(core).CreateAsync(db));

        Assert.Equal(PostgresErrorCodes.CheckViolation, exception.SqlState);
        Assert.Equal("keys_one_owner", exception.ConstraintName);
    }

    [Fact]
    public async Task A_notification_goes_through_a_known_channel()
    {
        await using var db = await WorkflowDatabase.LeaseAsync();

        var exception = await Assert.ThrowsAsync<PostgresException>(() => new NotificationFixture().Through("pigeon").CreateAsync(db));

        Assert.Equal(PostgresErrorCodes.CheckViolation, exception.SqlState);
        Assert.Equal("notifications_channel_known", exception.ConstraintName);
    }

    [Fact]
    public async Task An_unfailed_notification_has_no_error()
    {
        await using var db = await WorkflowDatabase.LeaseAsync();
        var notification = await new NotificationFixture().CreateAsync(db);

        var exception = await Assert.ThrowsAsync<PostgresException>(
            () => db.ExecuteAsync("update notifications set error = 'mailbox full' where id = @Id", notification));

        Assert.Equal(PostgresErrorCodes.CheckViolation, exception.SqlState);
        Assert.Equal("notifications_failed_has_error", exception.ConstraintName);
    }
}
