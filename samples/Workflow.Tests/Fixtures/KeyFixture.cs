namespace Workflow.Tests.Fixtures;

internal sealed record KeyFixture(string Name = "api.token")
{
    private NewKey Key { get; init; } = new(Name, Value: "s3cret");

    public KeyFixture WithValue(string value) => this with { Key = Key with { Value = value } };

    public KeyFixture OwnedBy(Identity identity) => this with { Key = Key with { IdentityId = identity.Id } };

    public KeyFixture OwnedBy(Pack pack) => this with { Key = Key with { PackId = pack.Id } };

    public KeyFixture Encrypted() => this with { Key = Key with { Encrypted = true } };

    public Task<Key> CreateAsync(WorkflowDatabase db) => db.Keys.SetAsync(Key);
}
