namespace Workflow.Tests.Migrations;

public sealed class IndexTests
{
    [Theory]
    [InlineData("packs_ref_key", "UNIQUE (ref)")]
    [InlineData("runtimes_ref_version_key", "UNIQUE (ref, version)")]
    [InlineData("workers_name_key", "UNIQUE (name)")]
    [InlineData("workers_host_port_key", "UNIQUE (host, port)")]
    [InlineData("actions_ref_key", "UNIQUE (ref)")]
    [InlineData("triggers_ref_key", "UNIQUE (ref)")]
    [InlineData("rules_ref_key", "UNIQUE (ref)")]
    [InlineData("enforcements_rule_event_key", "UNIQUE (rule_id, event_id)")]
    public async Task A_unique_constraint_covers_its_columns(string constraint, string expected)
    {
        await using var db = await WorkflowDatabase.LeaseAsync();

        var definition = await db.ScalarAsync<string>(
            """
            select pg_get_constraintdef(oid) from pg_constraint
            where conname = @constraint and connamespace = current_schema()::regnamespace
            """,
            new { constraint });

        Assert.Equal(expected, definition);
    }

    [Theory]
    [InlineData("packs_standard_idx", "is_standard")]
    [InlineData("runtimes_default_idx", "is_default")]
    [InlineData("workers_ready_idx", "(status = 'ready'::worker_status)")]
    [InlineData("actions_enabled_idx", "enabled")]
    [InlineData("rules_enabled_idx", "enabled")]
    [InlineData("enforcements_created_idx", "(status = 'created'::enforcement_status)")]
    [InlineData("executions_queue_idx", "(status = 'requested'::execution_status)")]
    [InlineData("executions_running_idx", "(status = 'running'::execution_status)")]
    [InlineData("inquiries_pending_idx", "(status = 'pending'::inquiry_status)")]
    [InlineData("notifications_queue_idx", "(state = 'queued'::notification_state)")]
    public async Task A_partial_index_covers_these_rows(string index, string expected)
    {
        await using var db = await WorkflowDatabase.LeaseAsync();

        var predicate = await db.ScalarAsync<string>(
            "select pg_get_expr(indpred, indrelid) from pg_index where indexrelid = @index::regclass", new { index });

        Assert.Equal(expected, predicate);
    }

    [Theory]
    [InlineData("packs_tags_idx")]
    [InlineData("packs_config_idx")]
    [InlineData("packs_dependencies_idx")]
    [InlineData("workers_capabilities_idx")]
    [InlineData("actions_parameter_schema_idx")]
    [InlineData("events_payload_idx")]
    [InlineData("identities_roles_idx")]
    public async Task An_index_for_containment_is_a_GIN(string index)
    {
        await using var db = await WorkflowDatabase.LeaseAsync();

        var method = await db.ScalarAsync<string>(
            "select amname from pg_class join pg_am on pg_am.oid = relam where pg_class.oid = @index::regclass", new { index });

        Assert.Equal("gin", method);
    }

    [Theory]
    [InlineData("runtimes_default_idx")]
    [InlineData("identities_login_idx")]
    [InlineData("keys_name_idx")]
    public async Task A_unique_index_stands_for_a_rule_that_no_constraint_can_state(string index)
    {
        await using var db = await WorkflowDatabase.LeaseAsync();

        var unique = await db.ScalarAsync<bool>("select indisunique from pg_index where indexrelid = @index::regclass", new { index });

        Assert.True(unique);
    }
}
