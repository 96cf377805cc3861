namespace Workflow.Tests.Migrations;

public sealed class TableTests
{
    [Fact]
    public async Task There_are_thirteen_tables()
    {
        await using var db = await WorkflowDatabase.LeaseAsync();

        var tables = await db.ListAsync<string>(
            """
            select table_name from information_schema.tables
            where table_schema = current_schema() and table_type = 'BASE TABLE'
            order by table_name
            """);

        Assert.Equal(
            [
                "actions", "enforcements", "events", "executions", "identities", "inquiries", "keys", "notifications", "packs", "rules",
                "runtimes", "triggers", "workers",
            ],
            tables);
    }

    [Theory]
    [InlineData("packs", new[]
    {
        "id", "ref", "label", "description", "version", "tags", "config_schema", "config", "is_standard", "created_at", "updated_at",
        "dependencies",
    })]
    [InlineData("runtimes", new[] { "id", "pack_id", "ref", "version", "command", "is_default", "created_at", "updated_at" })]
    [InlineData("workers", new[]
    {
        "id", "runtime_id", "name", "host", "port", "status", "capabilities", "last_heartbeat_at", "created_at", "updated_at",
    })]
    [InlineData("actions", new[]
    {
        "id", "pack_id", "runtime_id", "ref", "label", "description", "entrypoint", "parameter_schema", "output_schema", "enabled",
        "created_at", "updated_at",
    })]
    [InlineData("triggers", new[] { "id", "pack_id", "ref", "label", "payload_schema", "enabled", "created_at", "updated_at" })]
    [InlineData("rules", new[]
    {
        "id", "pack_id", "trigger_id", "action_id", "ref", "conditions", "parameters", "enabled", "created_at", "updated_at",
    })]
    [InlineData("events", new[] { "id", "trigger_id", "trigger_ref", "source", "payload", "created_at" })]
    [InlineData("enforcements", new[] { "id", "rule_id", "rule_ref", "event_id", "status", "parameters", "created_at", "updated_at" })]
    [InlineData("identities", new[] { "id", "login", "display_name", "roles", "attributes", "created_at", "updated_at" })]
    [InlineData("executions", new[]
    {
        "id", "action_id", "action_ref", "parent_id", "enforcement_id", "worker_id", "requested_by", "status", "parameters",
        "result", "created_at", "started_at", "finished_at", "updated_at", "attempt", "max_attempts",
    })]
    [InlineData("inquiries", new[]
    {
        "id", "execution_id", "assigned_to", "prompt", "response_schema", "response", "status", "expires_at", "created_at",
        "updated_at",
    })]
    [InlineData("keys", new[] { "id", "identity_id", "pack_id", "name", "value", "encrypted", "created_at", "updated_at" })]
    [InlineData("notifications", new[]
    {
        "id", "recipient_id", "channel", "subject", "payload", "state", "error", "created_at", "updated_at",
    })]
    public async Task A_table_has_its_columns_in_this_order(string table, string[] expected)
    {
        await using var db = await WorkflowDatabase.LeaseAsync();

        var columns = await db.ListAsync<string>(
            """
            select column_name from information_schema.columns
            where table_schema = current_schema() and table_name = @table
            order by ordinal_position
            """,
            new { table });

        Assert.Equal(expected, columns);
    }

    [Theory]
    [InlineData("packs", new[] { "description" })]
    [InlineData("runtimes", new[] { "pack_id" })]
    [InlineData("workers", new[] { "last_heartbeat_at" })]
    [InlineData("actions", new[] { "runtime_id", "description" })]
    [InlineData("events", new[] { "trigger_id", "source" })]
    [InlineData("enforcements", new[] { "rule_id" })]
    [InlineData("identities", new[] { "display_name" })]
    [InlineData("executions", new[]
    {
        "action_id", "parent_id", "enforcement_id", "worker_id", "requested_by", "result", "started_at", "finished_at",
    })]
    [InlineData("inquiries", new[] { "assigned_to", "response", "expires_at" })]
    [InlineData("keys", new[] { "identity_id", "pack_id" })]
    [InlineData("notifications", new[] { "error" })]
    public async Task Only_these_columns_of_a_table_may_be_null(string table, string[] expected)
    {
        await using var db = await WorkflowDatabase.LeaseAsync();

        var columns = await db.ListAsync<string>(
            """
            select column_name from information_schema.columns
            where table_schema = current_schema() and table_name = @table and is_nullable = 'YES'
            order by ordinal_position
            """,
            new { table });

        Assert.Equal(expected, columns);
    }

    [Theory]
    [InlineData("packs", "tags", "'{}'::text[]")]
    [InlineData("packs", "dependencies", "'{}'::text[]")]
    [InlineData("packs", "config", "'{}'::jsonb")]
    [InlineData("packs", "is_standard", "false")]
    [InlineData("packs", "created_at", "now()")]
    [InlineData("workers", "status", "'starting'::worker_status")]
    [InlineData("actions", "enabled", "true")]
    [InlineData("rules", "conditions", "'[]'::jsonb")]
    [InlineData("enforcements", "status", "'created'::enforcement_status")]
    [InlineData("executions", "status", "'requested'::execution_status")]
    [InlineData("executions", "max_attempts", "1")]
    [InlineData("inquiries", "status", "'pending'::inquiry_status")]
    [InlineData("keys", "encrypted", "false")]
    [InlineData("notifications", "state", "'queued'::notification_state")]
    public async Task A_column_that_is_left_out_gets_its_default(string table, string column, string expected)
    {
        await using var db = await WorkflowDatabase.LeaseAsync();

        var actual = await db.ScalarAsync<string>(
            """
            select column_default from information_schema.columns
            where table_schema = current_schema() and table_name = @table and column_name = @column
            """,
            new { table, column });

        Assert.Equal(expected, actual);
    }

    [Theory]
    [InlineData("worker_status", new[] { "starting", "ready", "draining", "offline" })]
    [InlineData("enforcement_status", new[] { "created", "processed", "rejected" })]
    [InlineData("execution_status", new[] { "requested", "running", "succeeded", "failed", "cancelled" })]
    [InlineData("inquiry_status", new[] { "pending", "answered", "expired" })]
    [InlineData("notification_state", new[] { "queued", "sending", "delivered", "failed" })]
    public async Task An_enum_type_has_these_labels_in_this_order(string type, string[] expected)
    {
        await using var db = await WorkflowDatabase.LeaseAsync();

        var labels = await db.ListAsync<string>(
            "select enumlabel from pg_enum where enumtypid = @type::regtype order by enumsortorder", new { type });

        Assert.Equal(expected, labels);
    }
}
