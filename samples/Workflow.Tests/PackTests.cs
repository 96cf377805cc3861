using Dapper;
using Npgsql;
using Workflow.Tests.Fixtures;

namespace Workflow.Tests;

public sealed class PackTests
{
    [Fact]
    public async Task A_created_pack_has_the_values_it_was_given()
    {
        await using var db = await WorkflowDatabase.LeaseAsync();

        var pack = await db.Packs.CreateAsync(new NewPack("core", "Core", "1.2.3")
        {
            Description = "What every workflow needs",
            Tags = ["base", "stable"],
            Dependencies = ["python"],
            Config = """{"retries": 3}""",
            IsStandard = true,
        });

        Assert.Equal("core", pack.Ref);
        Assert.Equal("Core", pack.Label);
        Assert.Equal("1.2.3", pack.Version);
        Assert.Equal("What every workflow needs", pack.Description);
        Assert.Equal(["base", "stable"], pack.Tags);
        Assert.Equal(["python"], pack.Dependencies);
        Assert.Equal("""{"retries": 3}""", pack.Config);
        Assert.True(pack.IsStandard);
    }

    [Fact]
    public async Task The_first_pack_of_a_schema_has_the_id_1()
    {
        await using var db = await WorkflowDatabase.LeaseAsync();

        var pack = await new PackFixture().CreateAsync(db);

        Assert.Equal(1, pack.Id);
    }

    [Fact]
    public async Task A_created_pack_was_never_updated()
    {
        await using var db = await WorkflowDatabase.LeaseAsync();

        var pack = await new PackFixture().CreateAsync(db);

        Assert.Equal(pack.CreatedAt, pack.UpdatedAt);
    }

    [Fact]
    public async Task A_pack_is_found_by_its_id()
    {
        await using var db = await WorkflowDatabase.LeaseAsync();
        var pack = await new PackFixture("core").CreateAsync(db);

        var found = await db.Packs.FindAsync(pack.Id);

        Assert.Equal("core", found?.Ref);
    }

    [Fact]
    public async Task A_pack_is_found_by_its_ref()
    {
        await using var db = await WorkflowDatabase.LeaseAsync();
        var pack = await new PackFixture("core").CreateAsync(db);

        var found = await db.Packs.FindByRefAsync("core");

        Assert.Equal(pack.Id, found?.Id);
    }

    [Fact]
    public async Task An_unknown_id_finds_nothing()
    {
        await using var db = await WorkflowDatabase.LeaseAsync();

        var found = await db.Packs.FindAsync(1);

        Assert.Null(found);
    }

    [Fact]
    public async Task A_ref_in_another_case_finds_nothing()
    {
        await using var db = await WorkflowDatabase.LeaseAsync();
        await new PackFixture("core").CreateAsync(db);

        var found = await db.Packs.FindByRefAsync("Core");

        Assert.Null(found);
    }

    [Fact]
    public async Task Packs_are_listed_by_ref()
    {
        await using var db = await WorkflowDatabase.LeaseAsync();
        await new PackFixture("slack").CreateAsync(db);
        await new PackFixture("aws").CreateAsync(db);
        await new PackFixture("core").CreateAsync(db);

        var packs = await db.Packs.ListAsync();

        Assert.Equal(["aws", "core", "slack"], packs.Select(pack => pack.Ref));
    }

    [Fact]
    public async Task A_new_schema_has_no_packs()
    {
        await using var db = await WorkflowDatabase.LeaseAsync();

        var packs = await db.Packs.ListAsync();

        Assert.Empty(packs);
    }

    [Fact]
    public async Task Standard_packs_are_listed_apart()
    {
        await using var db = await WorkflowDatabase.LeaseAsync();
        await new PackFixture("core").Standard().CreateAsync(db);
        await new PackFixture("slack").CreateAsync(db);

        var packs = await db.Packs.ListStandardAsync();

        Assert.Equal(["core"], packs.Select(pack => pack.Ref));
    }

    [Theory]
    [InlineData("slack")]
    [InlineData("messages")]
    [InlineData("CHANNEL")]
    public async Task A_search_looks_at_ref_label_and_description(string text)
    {
        await using var db = await WorkflowDatabase.LeaseAsync();
        await new PackFixture("slack").WithLabel("Chat messages").WithDescription("Posts to a channel").CreateAsync(db);
        await new PackFixture("aws").WithLabel("Cloud").WithDescription("Starts machines").CreateAsync(db);

        var packs = await db.Packs.SearchAsync(text);

        Assert.Equal(["slack"], packs.Select(pack => pack.Ref));
    }

    [Fact]
    public async Task A_search_takes_a_percent_sign_for_what_it_is()
    {
        await using var db = await WorkflowDatabase.LeaseAsync();
        await new PackFixture("cpu").WithLabel("Alerts above 90%").CreateAsync(db);
        await new PackFixture("disk").WithLabel("Alerts above 90 GB").CreateAsync(db);

        var packs = await db.Packs.SearchAsync("90%");

        Assert.Equal(["cpu"], packs.Select(pack => pack.Ref));
    }

    [Fact]
    public async Task A_pack_is_listed_by_tags_when_it_has_all_of_them()
    {
        await using var db = await WorkflowDatabase.LeaseAsync();
        await new PackFixture("aws").WithTags("cloud", "paid").CreateAsync(db);
        await new PackFixture("slack").WithTags("chat", "paid").CreateAsync(db);

        var packs = await db.Packs.ListByTagsAsync(["paid", "cloud"]);

        Assert.Equal(["aws"], packs.Select(pack => pack.Ref));
    }

    [Fact]
    public async Task A_pack_is_listed_by_a_part_of_its_configuration()
    {
        await using var db = await WorkflowDatabase.LeaseAsync();
        await new PackFixture("aws").WithConfig("""{"region": "eu-west-1", "limits": {"cpu": 8}}""").CreateAsync(db);
        await new PackFixture("gcp").WithConfig("""{"region": "eu-west-1", "limits": {"cpu": 4}}""").CreateAsync(db);

        var packs = await db.Packs.ListByConfigAsync("""{"limits": {"cpu": 8}}""");

        Assert.Equal(["aws"], packs.Select(pack => pack.Ref));
    }

    [Fact]
    public async Task An_update_changes_what_it_names_and_keeps_the_rest()
    {
        await using var db = await WorkflowDatabase.LeaseAsync();
        var pack = await new PackFixture().WithLabel("Core").WithTags("base").CreateAsync(db);

        var updated = await db.Packs.UpdateAsync(pack.Id, new PackChanges { Description = "New", Tags = ["base", "stable"] });

        Assert.Equal("New", updated?.Description);
        Assert.Equal(["base", "stable"], updated!.Tags);
        Assert.Equal("Core", updated?.Label);
    }

    [Fact]
    public async Task An_update_of_an_unknown_pack_changes_nothing()
    {
        await using var db = await WorkflowDatabase.LeaseAsync();

        var updated = await db.Packs.UpdateAsync(1, new PackChanges { Label = "Core" });

        Assert.Null(updated);
    }

    [Fact]
    public async Task An_update_to_an_empty_label_is_refused()
    {
        await using var db = await WorkflowDatabase.LeaseAsync();
        var pack = await new PackFixture().CreateAsync(db);

        var exception = await Assert.ThrowsAsync<PostgresException>(() => db.Packs.UpdateAsync(pack.Id, new PackChanges { Label = "" }));

        Assert.Equal(PostgresErrorCodes.CheckViolation, exception.SqlState);
        Assert.Equal("packs_label_not_empty", exception.ConstraintName);
    }

    [Theory]
    [InlineData("1.9.1")]
    [InlineData("1.10.0")]
    [InlineData("2.0.0")]
    public async Task A_pack_is_upgraded_to_a_later_version(string version)
    {
        await using var db = await WorkflowDatabase.LeaseAsync();
        var pack = await new PackFixture().WithVersion("1.9.0").CreateAsync(db);

        var upgraded = await db.Packs.UpgradeAsync(pack.Id, version);

        Assert.Equal(version, upgraded?.Version);
    }

    [Theory]
    [InlineData("1.10.0")]
    [InlineData("1.9.9")]
    [InlineData("0.11.0")]
    public async Task A_pack_is_not_upgraded_to_a_version_that_is_not_later(string version)
    {
        await using var db = await WorkflowDatabase.LeaseAsync();
        var pack = await new PackFixture().WithVersion("1.10.0").CreateAsync(db);

        var upgraded = await db.Packs.UpgradeAsync(pack.Id, version);

        Assert.Null(upgraded);
    }

    [Fact]
    public async Task Versions_are_compared_as_numbers()
    {
        await using var db = await WorkflowDatabase.LeaseAsync();
        await new PackFixture("old").WithVersion("1.9.0").CreateAsync(db);
        await new PackFixture("current").WithVersion("1.10.0").CreateAsync(db);
        await new PackFixture("next").WithVersion("1.11.0").CreateAsync(db);

        var packs = await db.Packs.ListOlderThanAsync("1.10.0");

        Assert.Equal(["old"], packs.Select(pack => pack.Ref));
    }

    [Fact]
    public async Task Dependencies_that_are_not_installed_are_missing()
    {
        await using var db = await WorkflowDatabase.LeaseAsync();
        await new PackFixture("core").CreateAsync(db);
        var pack = await new PackFixture("deploy").DependingOn("ssh", "core", "aws").CreateAsync(db);

        var missing = await db.Packs.ListMissingDependenciesAsync(pack.Id);

        Assert.Equal(["aws", "ssh"], missing);
    }

    [Fact]
    public async Task Dependents_name_the_pack_as_a_dependency()
    {
        await using var db = await WorkflowDatabase.LeaseAsync();
        await new PackFixture("core").CreateAsync(db);
        await new PackFixture("deploy").DependingOn("core", "ssh").CreateAsync(db);
        await new PackFixture("ssh").DependingOn("core").CreateAsync(db);
        await new PackFixture("chat").CreateAsync(db);

        var dependents = await db.Packs.ListDependentsAsync("core");

        Assert.Equal(["deploy", "ssh"], dependents.Select(pack => pack.Ref));
    }

    [Fact]
    public async Task A_pack_cannot_depend_on_itself()
    {
        await using var db = await WorkflowDatabase.LeaseAsync();

        var exception = await Assert.ThrowsAsync<PostgresException>(() => new PackFixture("core").DependingOn("core").CreateAsync(db));

        Assert.Equal(PostgresErrorCodes.CheckViolation, exception.SqlState);
        Assert.Equal("packs_not_own_dependency", exception.ConstraintName);
    }

    [Fact]
    public async Task A_deleted_pack_is_gone()
    {
        await using var db = await WorkflowDatabase.LeaseAsync();
        var pack = await new PackFixture().CreateAsync(db);

        var deleted = await db.Packs.DeleteAsync(pack.Id);

        Assert.True(deleted);
        Assert.Null(await db.Packs.FindAsync(pack.Id));
    }

    [Fact]
    public async Task An_unknown_pack_is_not_deleted()
    {
        await using var db = await WorkflowDatabase.LeaseAsync();

        var deleted = await db.Packs.DeleteAsync(1);

        Assert.False(deleted);
    }

    [Fact]
    public async Task The_ref_of_a_deleted_pack_can_be_used_again()
    {
        await using var db = await WorkflowDatabase.LeaseAsync();
        var pack = await new PackFixture("core").CreateAsync(db);
        await db.Packs.DeleteAsync(pack.Id);

        var successor = await new PackFixture("core").CreateAsync(db);

        Assert.Equal(2, successor.Id);
    }

    [Fact]
    public async Task A_second_pack_of_the_same_ref_is_refused()
    {
        await using var db = await WorkflowDatabase.LeaseAsync();
        await new PackFixture("core").CreateAsync(db);

        var exception = await Assert.ThrowsAsync<PostgresException>(() => new PackFixture("core").CreateAsync(db));

        Assert.Equal(PostgresErrorCodes.UniqueViolation, exception.SqlState);
        Assert.Equal("packs_ref_key", exception.ConstraintName);
    }

    [Fact]
    public async Task Text_that_is_not_JSON_is_refused_as_configuration()
    {
        await using var db = await WorkflowDatabase.LeaseAsync();

        var exception = await Assert.ThrowsAsync<PostgresException>(() => new PackFixture().WithConfig("retries: 3").CreateAsync(db));

        Assert.Equal(PostgresErrorCodes.InvalidTextRepresentation, exception.SqlState);
    }

    [Fact]
    public async Task A_pack_is_installed_with_its_actions()
    {
        await using var db = await WorkflowDatabase.LeaseAsync();

        var pack = await db.Packs.InstallAsync(
            new NewPack("core", "Core", "1.0.0"),
            [new NewAction(0, "core.echo", "Echo", "echo.py"), new NewAction(0, "core.wait", "Wait", "wait.py")]);

        var actions = await db.Actions.ListByPackAsync(pack.Id);
        Assert.Equal(["core.echo", "core.wait"], actions.Select(action => action.Ref));
    }

    [Fact]
    public async Task A_pack_whose_action_is_refused_is_not_installed()
    {
        await using var db = await WorkflowDatabase.LeaseAsync();

        await Assert.ThrowsAsync<PostgresException>(() => db.Packs.InstallAsync(
            new NewPack("core", "Core", "1.0.0"),
            [new NewAction(0, "core.echo", "Echo", "echo.py"), new NewAction(0, "core.wait", "Wait", Entrypoint: "")]));

        Assert.Empty(await db.Packs.ListAsync());
        Assert.Empty(await db.Actions.ListAsync());
    }

    [Fact]
    public async Task A_committed_transaction_is_seen_by_other_connections()
    {
        await using var db = await WorkflowDatabase.LeaseAsync();
        await using var connection = await db.DataSource.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await connection.ExecuteAsync("insert into packs (ref, label, version) values ('core', 'Core', '1.0.0')");

        await transaction.CommitAsync();

        Assert.NotNull(await db.Packs.FindByRefAsync("core"));
    }

    [Fact]
    public async Task A_rolled_back_transaction_leaves_nothing()
    {
        await using var db = await WorkflowDatabase.LeaseAsync();
        await using var connection = await db.DataSource.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await connection.ExecuteAsync("insert into packs (ref, label, version) values ('core', 'Core', '1.0.0')");

        await transaction.RollbackAsync();

        Assert.Null(await db.Packs.FindByRefAsync("core"));
    }

    [Fact]
    public async Task An_open_transaction_is_not_seen_by_other_connections()
    {
        await using var db = await WorkflowDatabase.LeaseAsync();
        await using var connection = await db.DataSource.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await connection.ExecuteAsync("insert into packs (ref, label, version) values ('core', 'Core', '1.0.0')");

        var found = await db.Packs.FindByRefAsync("core");

        Assert.Null(found);
    }

    [Fact]
    public async Task Packs_are_created_at_the_same_time()
    {
        await using var db = await WorkflowDatabase.LeaseAsync();

        await Task.WhenAll(
            new PackFixture("aws").CreateAsync(db),
            new PackFixture("core").CreateAsync(db),
            new PackFixture("slack").CreateAsync(db),
            new PackFixture("ssh").CreateAsync(db));

        var packs = await db.Packs.ListAsync();
        Assert.Equal(["aws", "core", "slack", "ssh"], packs.Select(pack => pack.Ref));
    }

    [Fact]
    public async Task Only_one_of_two_packs_of_the_same_ref_is_created_at_the_same_time()
    {
        await using var db = await WorkflowDatabase.LeaseAsync();

        var exception = await Assert.ThrowsAsync<PostgresException>(() => Task.WhenAll(
            new PackFixture("core").CreateAsync(db),
            new PackFixture("core").CreateAsync(db)));

        Assert.Equal(PostgresErrorCodes.UniqueViolation, exception.SqlState);
        Assert.Single(await db.Packs.ListAsync());
    }

    [Fact]
    public async Task One_schema_does_not_see_the_packs_of_another()
    {
        await using var db = await WorkflowDatabase.LeaseAsync();
        await using var other = await WorkflowDatabase.LeaseAsync();
        await new PackFixture("core").CreateAsync(other);

        var found = await db.Packs.FindByRefAsync("core");

        Assert.Null(found);
    }
}
