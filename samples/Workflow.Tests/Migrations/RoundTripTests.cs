using Workflow.Tests.Fixtures;

namespace Workflow.Tests.Migrations;

public sealed class RoundTripTests
{
    [Fact]
    public async Task JSON_keeps_its_values_and_orders_its_keys()
    {
        await using var db = await WorkflowDatabase.LeaseAsync();
        var pack = await new PackFixture()
            .WithConfig("""{"name":"core","on":true,"none":null,"list":[1,2.50,"three"],"nested":{"é":"ü"}}""")
            .CreateAsync(db);

        var found = await db.Packs.FindAsync(pack.Id);

        Assert.Equal(
            """{"on": true, "list": [1, 2.50, "three"], "name": "core", "none": null, "nested": {"é": "ü"}}""", found?.Config);
    }

    [Fact]
    public async Task The_last_of_two_equal_JSON_keys_counts()
    {
        await using var db = await WorkflowDatabase.LeaseAsync();

        var @event = await new EventFixture().WithPayload("""{"branch": "main", "branch": "next"}""").CreateAsync(db);

        Assert.Equal("""{"branch": "next"}""", @event.Payload);
    }

    [Fact]
    public async Task A_path_leads_into_JSON()
    {
        await using var db = await WorkflowDatabase.LeaseAsync();
        await new IdentityFixture("ada").WithAttributes("""{"mail": {"work": "ada@example.org"}}""").CreateAsync(db);

        var mail = await db.ScalarAsync<string>("select attributes #>> '{mail,work}' from identities");

        Assert.Equal("ada@example.org", mail);
    }

    [Fact]
    public async Task An_array_keeps_its_order_and_its_repetitions()
    {
        await using var db = await WorkflowDatabase.LeaseAsync();
        var pack = await new PackFixture().WithTags("b", "a", "b").CreateAsync(db);

        var found = await db.Packs.FindAsync(pack.Id);

        Assert.Equal(["b", "a", "b"], found!.Tags);
    }

    [Fact]
    public async Task An_array_keeps_commas_quotes_and_empty_words()
    {
        await using var db = await WorkflowDatabase.LeaseAsync();
        var runtime = await new RuntimeFixture().WithCommand("sh", "-c", """echo "a, b" {c} \d""", "").CreateAsync(db);

        var found = await db.Runtimes.FindAsync(runtime.Id);

        Assert.Equal(["sh", "-c", """echo "a, b" {c} \d""", ""], found!.Command);
    }

    [Fact]
    public async Task An_empty_array_is_not_null()
    {
        await using var db = await WorkflowDatabase.LeaseAsync();
        var pack = await new PackFixture().WithTags().CreateAsync(db);

        var found = await db.Packs.FindAsync(pack.Id);

        Assert.Empty(found!.Tags);
    }

    [Fact]
    public async Task A_time_keeps_its_microseconds()
    {
        await using var db = await WorkflowDatabase.LeaseAsync();
        var time = new DateTime(2030, 1, 1, 12, 30, 45, 123, 456, DateTimeKind.Utc);
        var inquiry = await new InquiryFixture().ExpiringAt(time).CreateAsync(db);

        var found = await db.Inquiries.FindAsync(inquiry.Id);

        Assert.Equal(time, found?.ExpiresAt);
        Assert.Equal(DateTimeKind.Utc, found?.ExpiresAt?.Kind);
    }
}
