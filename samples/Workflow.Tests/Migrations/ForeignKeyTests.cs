namespace Workflow.Tests.Migrations;

public sealed class ForeignKeyTests
{
    [Theory]
    [InlineData("runtimes", "pack_id", "packs", "SET NULL")]
    [InlineData("workers", "runtime_id", "runtimes", "RESTRICT")]
    [InlineData("actions", "pack_id", "packs", "CASCADE")]
    [InlineData("actions", "runtime_id", "runtimes", "SET NULL")]
    [InlineData("triggers", "pack_id", "packs", "CASCADE")]
    [InlineData("rules", "pack_id", "packs", "CASCADE")]
    [InlineData("rules", "trigger_id", "triggers", "CASCADE")]
    [InlineData("rules", "action_id", "actions", "NO ACTION")]
    [InlineData("events", "trigger_id", "triggers", "SET NULL")]
    [InlineData("enforcements", "rule_id", "rules", "SET NULL")]
    [InlineData("enforcements", "event_id", "events", "CASCADE")]
    [InlineData("executions", "action_id", "actions", "SET NULL")]
    [InlineData("executions", "parent_id", "executions", "CASCADE")]
    [InlineData("executions", "enforcement_id", "enforcements", "SET NULL")]
    [InlineData("executions", "worker_id", "workers", "SET NULL")]
    [InlineData("executions", "requested_by", "identities", "RESTRICT")]
    [InlineData("inquiries", "execution_id", "executions", "CASCADE")]
    [InlineData("inquiries", "assigned_to", "identities", "SET NULL")]
    [InlineData("keys", "identity_id", "identities", "CASCADE")]
    [InlineData("keys", "pack_id", "packs", "CASCADE")]
    [InlineData("notifications", "recipient_id", "identities", "CASCADE")]
    public async Task A_foreign_key_has_its_delete_rule(string table, string column, string referenced, string deleteRule)
    {
        await using var db = await WorkflowDatabase.LeaseAsync();

        var actual = await db.ListAsync<string>(
            """
            select confrelid::regclass || ' ' || case confdeltype
                when 'a' then 'NO ACTION' when 'r' then 'RESTRICT' when 'c' then 'CASCADE' when 'n' then 'SET NULL' end
            from pg_constraint join pg_attribute on attrelid = conrelid and attnum = conkey[1]
            where conrelid = @table::regclass and contype = 'f' and attname = @column
            """,
            new { table, column });

        Assert.Equal([$"{referenced} {deleteRule}"], actual);
    }

    [Fact]
    public async Task There_are_no_foreign_keys_but_these()
    {
        await using var db = await WorkflowDatabase.LeaseAsync();

        var count = await db.ScalarAsync<long>(
            "select count(*) from pg_constraint where contype = 'f' and connamespace = current_schema()::regnamespace");

        Assert.Equal(21, count);
    }
}
