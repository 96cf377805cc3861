namespace Workflow.Tests.Fixtures;

internal sealed record IdentityFixture(string Login = "ada")
{
    private NewIdentity Identity { get; init; } = new(Login);

    public IdentityFixture WithName(string displayName) => this with { Identity = Identity with { DisplayName = displayName } };

    public IdentityFixture WithRoles(params string[] roles) => this with { Identity = Identity with { Roles = roles } };

    public IdentityFixture WithAttributes(string json) => this with { Identity = Identity with { Attributes = json } };

    public Task<Identity> CreateAsync(WorkflowDatabase db) => db.Identities.CreateAsync(Identity);

    /// <summary>The identity of the fixture's login, created unless the test has it already.</summary>
    public async Task<Identity> EnsureAsync(WorkflowDatabase db)
        => await db.Identities.FindByLoginAsync(Login) ?? await CreateAsync(db);
}
