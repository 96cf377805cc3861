using SchemaIsolation.Keeper;
using SchemaIsolation.Keeper.Templates;
using SchemaIsolation.Testing;
using Xunit;

namespace SchemaIsolation.Tests.PostgreSql.Templates;

/// <summary>A subscription holds its database, and no copy has it.</summary>
public sealed class SubscriptionTests(TestServer server)
{
    private const string Subscribe =
        "create subscription news connection 'host=/nowhere' publication news with (connect = false, enabled = false, create_slot = false)";

    [Fact]
    public async Task A_subscription_is_refused_and_gone_with_the_template()
    {
        using var project = new ProjectDirectory().Migration("1.sql", Subscribe);
        var store = TemplateStores.Of(server.Postgres, project.Configure(server.Address));

        var exception = await Assert.ThrowsAsync<SchemaIsolationException>(() => store.EnsureAsync(TemplateKind.Database, CancellationToken.None));

        Assert.Equal("SI1216", exception.Code);
        Assert.Equal("The migrations make the subscription news, which a copy of the database would not have. Leave it to a script that is no migration.", exception.Reason);
        Assert.Null(await server.Postgres.IsPublishedAsync(store.NameOf(TemplateKind.Database, server.Postgres), CancellationToken.None));
    }

    [Fact]
    public async Task A_database_that_its_test_has_subscribed_is_dropped()
    {
        await using var session = await OwnSession.StartAsync(server);
        var database = session.Databases.NextForSlot();
        await server.Postgres.CreateDatabaseAsync(database, template: null, CancellationToken.None);
        await Psql.RunAsync(server.Address, database, Subscribe);

        await server.Postgres.DropDatabaseAsync(database, CancellationToken.None);

        Assert.Equal("", await session.ListAsync());
    }
}
