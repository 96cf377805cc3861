using Npgsql;
using Workflow.Tests.Fixtures;

namespace Workflow.Tests;

public sealed class ActionTests
{
    [Fact]
    public async Task A_created_action_has_the_values_it_was_given()
    {
        await using var db = await WorkflowDatabase.LeaseAsync();
        var pack = await new PackFixture("core").CreateAsync(db);
        var runtime = await new RuntimeFixture().CreateAsync(db);

        var action = await db.Actions.CreateAsync(new NewAction(pack.Id, "core.echo", "Echo", "echo.py")
        {
            RuntimeId = runtime.Id,
            Description = "Says what it hears",
            ParameterSchema = """{"type": "object"}""",
            OutputSchema = """{"type": "string"}""",
        });

        Assert.Equal(pack.Id, action.PackId);
        Assert.Equal(runtime.Id, action.RuntimeId);
        Assert.Equal("core.echo", action.Ref);
        Assert.Equal("Echo", action.Label);
        Assert.Equal("echo.py", action.Entrypoint);
        Assert.Equal("Says what it hears", action.Description);
        Assert.Equal("""{"type": "object"}""", action.ParameterSchema);
        Assert.Equal("""{"type": "string"}""", action.OutputSchema);
    }

    [Fact]
    public async Task A_created_action_is_enabled()
    {
        await using var db = await WorkflowDatabase.LeaseAsync();

        var action = await new ActionFixture().CreateAsync(db);

        Assert.True(action.Enabled);
    }

    [Fact]
    public async Task An_action_is_created_disabled_when_asked_to_be()
    {
        await using var db = await WorkflowDatabase.LeaseAsync();

        var action = await new ActionFixture().Disabled().CreateAsync(db);

        Assert.False(action.Enabled);
    }

    [Fact]
    public async Task An_action_needs_no_runtime()
    {
        await using var db = await WorkflowDatabase.LeaseAsync();

        var action = await new ActionFixture().CreateAsync(db);

        Assert.Null(action.RuntimeId);
    }

    [Fact]
    public async Task An_action_without_schemas_takes_and_gives_nothing()
    {
        await using var db = await WorkflowDatabase.LeaseAsync();

        var action = await new ActionFixture().CreateAsync(db);

        Assert.Equal("{}", action.ParameterSchema);
        Assert.Equal("{}", action.OutputSchema);
    }

    [Fact]
    public async Task An_action_is_found_by_its_id()
    {
        await using var db = await WorkflowDatabase.LeaseAsync();
        var action = await new ActionFixture("core.echo").CreateAsync(db);

        var found = await db.Actions.FindAsync(action.Id);

        Assert.Equal("core.echo", found?.Ref);
    }

    [Fact]
    public async Task An_action_is_found_by_its_ref()
    {
        await using var db = await WorkflowDatabase.LeaseAsync();
        var action = await new ActionFixture("core.echo").CreateAsync(db);

        var found = await db.Actions.FindByRefAsync("core.echo");

        Assert.Equal(action.Id, found?.Id);
    }

    [Fact]
    public async Task An_unknown_ref_finds_nothing()
    {
        await using var db = await WorkflowDatabase.LeaseAsync();

        var found = await db.Actions.FindByRefAsync("core.echo");

        Assert.Null(found);
    }

    [Fact]
    public async Task Actions_are_listed_by_ref()
    {
        await using var db = await WorkflowDatabase.LeaseAsync();
        await new ActionFixture("slack.post").CreateAsync(db);
        await new ActionFixture("core.wait").CreateAsync(db);
        await new ActionFixture("core.echo").CreateAsync(db);

        var actions = await db.Actions.ListAsync();

        Assert.Equal(["core.echo", "core.wait", "slack.post"], actions.Select(action => action.Ref));
    }

    [Fact]
    public async Task Actions_are_listed_by_pack()
    {
        await using var db = await WorkflowDatabase.LeaseAsync();
        var core = await new PackFixture("core").CreateAsync(db);
        await new ActionFixture("core.wait").InPack(core).CreateAsync(db);
        await new ActionFixture("core.echo").InPack(core).CreateAsync(db);
        await new ActionFixture("slack.post").CreateAsync(db);

        var actions = await db.Actions.ListByPackAsync(core.Id);

        Assert.Equal(["core.echo", "core.wait"], actions.Select(action => action.Ref));
    }

    [Fact]
    public async Task A_pack_without_actions_lists_none()
    {
        await using var db = await WorkflowDatabase.LeaseAsync();
        var pack = await new PackFixture("core").CreateAsync(db);
        await new ActionFixture("slack.post").CreateAsync(db);

        var actions = await db.Actions.ListByPackAsync(pack.Id);

        Assert.Empty(actions);
    }

    [Fact]
    public async Task Actions_are_counted_by_pack()
    {
        await using var db = await WorkflowDatabase.LeaseAsync();
        var core = await new PackFixture("core").CreateAsync(db);
        await new ActionFixture("core.wait").InPack(core).CreateAsync(db);
        await new ActionFixture("core.echo").InPack(core).CreateAsync(db);
        await new ActionFixture("slack.post").CreateAsync(db);

        var count = await db.Actions.CountByPackAsync(core.Id);

        Assert.Equal(2, count);
    }

    [Fact]
    public async Task Disabled_actions_are_not_listed_among_the_enabled()
    {
        await using var db = await WorkflowDatabase.LeaseAsync();
        await new ActionFixture("core.echo").CreateAsync(db);
        await new ActionFixture("core.wait").Disabled().CreateAsync(db);

        var actions = await db.Actions.ListEnabledAsync();

        Assert.Equal(["core.echo"], actions.Select(action => action.Ref));
    }

    [Theory]
    [InlineData("post")]
    [InlineData("SEND")]
    [InlineData("channel")]
    public async Task A_search_looks_at_ref_label_and_description(string text)
    {
        await using var db = await WorkflowDatabase.LeaseAsync();
        await new ActionFixture("slack.post").WithLabel("Send a message").WithDescription("To a channel").CreateAsync(db);
        await new ActionFixture("core.echo").WithLabel("Echo").WithDescription("Says what it hears").CreateAsync(db);

        var actions = await db.Actions.SearchAsync(text);

        Assert.Equal(["slack.post"], actions.Select(action => action.Ref));
    }

    [Fact]
    public async Task A_search_for_what_nothing_holds_finds_nothing()
    {
        await using var db = await WorkflowDatabase.LeaseAsync();
        await new ActionFixture("core.echo").CreateAsync(db);

        var actions = await db.Actions.SearchAsync("deploy");

        Assert.Empty(actions);
    }

    [Fact]
    public async Task A_parameter_schema_keeps_its_meaning_but_not_its_spaces()
    {
        await using var db = await WorkflowDatabase.LeaseAsync();

        var action = await new ActionFixture()
            .WithParameters("""{"properties":{"count":{"type":"integer"}},"type":"object"}""")
            .CreateAsync(db);

        Assert.Equal("""{"type": "object", "properties": {"count": {"type": "integer"}}}""", action.ParameterSchema);
    }

    [Fact]
    public async Task An_action_is_listed_by_the_name_of_a_parameter()
    {
        await using var db = await WorkflowDatabase.LeaseAsync();
        await new ActionFixture("core.echo").WithParameters("""{"properties": {"message": {"type": "string"}}}""").CreateAsync(db);
        await new ActionFixture("core.wait").WithParameters("""{"properties": {"seconds": {"type": "integer"}}}""").CreateAsync(db);
        await new ActionFixture("core.noop").CreateAsync(db);

        var actions = await db.Actions.ListByParameterAsync("seconds");

        Assert.Equal(["core.wait"], actions.Select(action => action.Ref));
    }

    [Fact]
    public async Task Required_parameters_are_listed_in_the_order_of_the_schema()
    {
        await using var db = await WorkflowDatabase.LeaseAsync();
        var action = await new ActionFixture().WithParameters("""{"required": ["url", "method", "body"]}""").CreateAsync(db);

        var names = await db.Actions.ListRequiredParametersAsync(action.Id);

        Assert.Equal(["url", "method", "body"], names);
    }

    [Fact]
    public async Task A_schema_that_requires_nothing_has_no_required_parameters()
    {
        await using var db = await WorkflowDatabase.LeaseAsync();
        var action = await new ActionFixture().WithParameters("""{"type": "object"}""").CreateAsync(db);

        var names = await db.Actions.ListRequiredParametersAsync(action.Id);

        Assert.Empty(names);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("\"object\"")]
    public async Task A_parameter_schema_that_is_no_object_is_refused(string schema)
    {
        await using var db = await WorkflowDatabase.LeaseAsync();

        var exception = await Assert.ThrowsAsync<PostgresException>(() => new ActionFixture().WithParameters(schema).CreateAsync(db));

        Assert.Equal(PostgresErrorCodes.CheckViolation, exception.SqlState);
        Assert.Equal("actions_parameter_schema_is_object", exception.ConstraintName);
    }

    [Fact]
    public async Task An_update_changes_what_it_names_and_keeps_the_rest()
    {
        await using var db = await WorkflowDatabase.LeaseAsync();
        var action = await new ActionFixture().WithLabel("Echo").WithEntrypoint("echo.py").CreateAsync(db);

        var updated = await db.Actions.UpdateAsync(action.Id, new ActionChanges { Label = "Say", Description = "Says what it hears" });

        Assert.Equal("Say", updated?.Label);
        Assert.Equal("Says what it hears", updated?.Description);
        Assert.Equal("echo.py", updated?.Entrypoint);
    }

    [Fact]
    public async Task An_update_replaces_a_schema_as_a_whole()
    {
        await using var db = await WorkflowDatabase.LeaseAsync();
        var action = await new ActionFixture().WithParameters("""{"type": "object", "required": ["url"]}""").CreateAsync(db);

        var updated = await db.Actions.UpdateAsync(action.Id, new ActionChanges { ParameterSchema = """{"type": "object"}""" });

        Assert.Equal("""{"type": "object"}""", updated?.ParameterSchema);
    }

    [Fact]
    public async Task An_update_without_changes_keeps_everything()
    {
        await using var db = await WorkflowDatabase.LeaseAsync();
        var action = await new ActionFixture().CreateAsync(db);

        var updated = await db.Actions.UpdateAsync(action.Id, new ActionChanges());

        Assert.Equal(action, updated);
    }

    [Fact]
    public async Task An_update_of_an_unknown_action_changes_nothing()
    {
        await using var db = await WorkflowDatabase.LeaseAsync();

        var updated = await db.Actions.UpdateAsync(1, new ActionChanges { Label = "Echo" });

        Assert.Null(updated);
    }

    [Fact]
    public async Task An_update_to_an_empty_entrypoint_is_refused()
    {
        await using var db = await WorkflowDatabase.LeaseAsync();
        var action = await new ActionFixture().WithEntrypoint("echo.py").CreateAsync(db);

        var exception = await Assert.ThrowsAsync<PostgresException>(
            () => db.Actions.UpdateAsync(action.Id, new ActionChanges { Entrypoint = "" }));

        Assert.Equal(PostgresErrorCodes.CheckViolation, exception.SqlState);
        Assert.Equal("actions_entrypoint_not_empty", exception.ConstraintName);
    }

    [Fact]
    public async Task A_disabled_action_is_kept()
    {
        await using var db = await WorkflowDatabase.LeaseAsync();
        var action = await new ActionFixture().CreateAsync(db);

        var disabled = await db.Actions.DisableAsync(action.Id);

        Assert.True(disabled);
        Assert.False((await db.Actions.FindAsync(action.Id))!.Enabled);
    }

    [Fact]
    public async Task A_disabled_action_is_enabled_again()
    {
        await using var db = await WorkflowDatabase.LeaseAsync();
        var action = await new ActionFixture().Disabled().CreateAsync(db);

        var enabled = await db.Actions.EnableAsync(action.Id);

        Assert.True(enabled);
        Assert.True((await db.Actions.FindAsync(action.Id))!.Enabled);
    }

    [Fact]
    public async Task An_unknown_action_is_neither_enabled_nor_disabled()
    {
        await using var db = await WorkflowDatabase.LeaseAsync();

        var enabled = await db.Actions.EnableAsync(1);

        Assert.False(enabled);
    }

    [Fact]
    public async Task An_action_is_put_on_another_runtime()
    {
        await using var db = await WorkflowDatabase.LeaseAsync();
        var old = await new RuntimeFixture().WithVersion("3.12").CreateAsync(db);
        var current = await new RuntimeFixture().WithVersion("3.13").CreateAsync(db);
        var action = await new ActionFixture().On(old).CreateAsync(db);

        var moved = await db.Actions.AssignRuntimeAsync(action.Id, current.Id);

        Assert.Equal(current.Id, moved?.RuntimeId);
    }

    [Fact]
    public async Task An_action_is_taken_off_its_runtime()
    {
        await using var db = await WorkflowDatabase.LeaseAsync();
        var runtime = await new RuntimeFixture().CreateAsync(db);
        var action = await new ActionFixture().On(runtime).CreateAsync(db);

        var moved = await db.Actions.AssignRuntimeAsync(action.Id, null);

        Assert.Null(moved!.RuntimeId);
    }

    [Fact]
    public async Task An_unknown_runtime_is_refused()
    {
        await using var db = await WorkflowDatabase.LeaseAsync();
        var action = await new ActionFixture().CreateAsync(db);

        var exception = await Assert.ThrowsAsync<PostgresException>(() => db.Actions.AssignRuntimeAsync(action.Id, 1));

        Assert.Equal(PostgresErrorCodes.ForeignKeyViolation, exception.SqlState);
        Assert.Equal("actions_runtime_id_fkey", exception.ConstraintName);
    }

    [Fact]
    public async Task A_deleted_action_is_gone_and_its_pack_stays()
    {
        await using var db = await WorkflowDatabase.LeaseAsync();
        var pack = await new PackFixture("core").CreateAsync(db);
        var action = await new ActionFixture().InPack(pack).CreateAsync(db);

        var deleted = await db.Actions.DeleteAsync(action.Id);

        Assert.True(deleted);
        Assert.Null(await db.Actions.FindAsync(action.Id));
        Assert.NotNull(await db.Packs.FindAsync(pack.Id));
    }

    [Fact]
    public async Task An_unknown_action_is_not_deleted()
    {
        await using var db = await WorkflowDatabase.LeaseAsync();

        var deleted = await db.Actions.DeleteAsync(1);

        Assert.False(deleted);
    }

    [Fact]
    public async Task A_second_action_of_the_same_ref_is_refused_in_whatever_pack()
    {
        await using var db = await WorkflowDatabase.LeaseAsync();
        var core = await new PackFixture("core").CreateAsync(db);
        var slack = await new PackFixture("slack").CreateAsync(db);
        await new ActionFixture("core.echo").InPack(core).CreateAsync(db);

        var exception = await Assert.ThrowsAsync<PostgresException>(() => new ActionFixture("core.echo").InPack(slack).CreateAsync(db));

        Assert.Equal(PostgresErrorCodes.UniqueViolation, exception.SqlState);
        Assert.Equal("actions_ref_key", exception.ConstraintName);
    }

    [Fact]
    public async Task An_action_of_an_unknown_pack_is_refused()
    {
        await using var db = await WorkflowDatabase.LeaseAsync();

        var exception = await Assert.ThrowsAsync<PostgresException>(
            () => db.Actions.CreateAsync(new NewAction(PackId: 1, "core.echo", "Echo", "echo.py")));

        Assert.Equal(PostgresErrorCodes.ForeignKeyViolation, exception.SqlState);
        Assert.Equal("actions_pack_id_fkey", exception.ConstraintName);
    }

    [Fact]
    public async Task Actions_are_created_at_the_same_time()
    {
        await using var db = await WorkflowDatabase.LeaseAsync();
        var core = await new PackFixture("core").CreateAsync(db);

        await Task.WhenAll(
            new ActionFixture("core.echo").InPack(core).CreateAsync(db),
            new ActionFixture("core.http").InPack(core).CreateAsync(db),
            new ActionFixture("core.wait").InPack(core).CreateAsync(db));

        Assert.Equal(3, await db.Actions.CountByPackAsync(core.Id));
    }
}
