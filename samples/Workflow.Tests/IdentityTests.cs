using Npgsql;
using Workflow.Tests.Fixtures;

namespace Workflow.Tests;

public sealed class IdentityTests
{
    [Fact]
    public async Task An_identity_is_found_by_its_login_in_whatever_case()
    {
        await using var db = await WorkflowDatabase.LeaseAsync();
        await new IdentityFixture("Ada").WithName("Ada Lovelace").CreateAsync(db);

        var found = await db.Identities.FindByLoginAsync("aDA");

        Assert.Equal("Ada Lovelace", found?.DisplayName);
    }

    [Fact]
    public async Task A_login_that_differs_in_case_only_is_refused()
    {
        await using var db = await WorkflowDatabase.LeaseAsync();
        await new IdentityFixture("ada").CreateAsync(db);

        var exception = await Assert.ThrowsAsync<PostgresException>(() => new IdentityFixture("ADA").CreateAsync(db));

        Assert.Equal(PostgresErrorCodes.UniqueViolation, exception.SqlState);
        Assert.Equal("identities_login_idx", exception.ConstraintName);
    }

    [Fact]
    public async Task Identities_are_listed_by_role()
    {
        await using var db = await WorkflowDatabase.LeaseAsync();
        await new IdentityFixture("bob").WithRoles("operator", "approver").CreateAsync(db);
        await new IdentityFixture("ada").WithRoles("approver").CreateAsync(db);
        await new IdentityFixture("eve").WithRoles("operator").CreateAsync(db);

        var identities = await db.Identities.ListByRoleAsync("approver");

        Assert.Equal(["ada", "bob"], identities.Select(identity => identity.Login));
    }

    [Fact]
    public async Task A_role_is_granted_once()
    {
        await using var db = await WorkflowDatabase.LeaseAsync();
        var identity = await new IdentityFixture().WithRoles("operator", "approver").CreateAsync(db);

        var granted = await db.Identities.GrantAsync(identity.Id, "operator");

        Assert.Equal(["approver", "operator"], granted?.Roles.Order());
    }

    [Fact]
    public async Task A_role_is_revoked()
    {
        await using var db = await WorkflowDatabase.LeaseAsync();
        var identity = await new IdentityFixture().WithRoles("operator", "approver").CreateAsync(db);

        var revoked = await db.Identities.RevokeAsync(identity.Id, "operator");

        Assert.Equal(["approver"], revoked!.Roles);
    }

    [Fact]
    public async Task An_identity_that_has_requested_nothing_is_deleted()
    {
        await using var db = await WorkflowDatabase.LeaseAsync();
        var identity = await new IdentityFixture("ada").CreateAsync(db);

        var deleted = await db.Identities.DeleteAsync(identity.Id);

        Assert.True(deleted);
        Assert.Null(await db.Identities.FindByLoginAsync("ada"));
    }
}
