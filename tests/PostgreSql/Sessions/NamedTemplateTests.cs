using SchemaIsolation.Testing;
using SchemaIsolation.Wire;
using Xunit;

namespace SchemaIsolation.Tests.PostgreSql.Sessions;

/// <summary>Several templates in one session, and templates that start from others.</summary>
[Trait("Version", "Any")]
public sealed class NamedTemplateTests(TestServer server)
{
    private const string Table = "create table t (id serial primary key, n int)";

    [Theory]
    [InlineData("Fenced", "Auto")]
    [InlineData("Fenced", "Database")]
    [InlineData("Warm", "Auto")]
    [InlineData("Never", "Auto")]
    [InlineData("Never", "Database")]
    public async Task A_layer_has_its_parent_s_rows_and_its_own(string reuse, string isolation)
    {
        using var project = new ProjectDirectory().Migration("1.sql", Table).Seed("few.sql", "insert into t (n) values (1)").File("catalogue/many.sql", "insert into t (n) values (2), (3)");
        await using var session = RunningSession.Start(project.Configure(
            server.Address, ("Reuse", reuse), ("Isolation", isolation), ("Template:Name", "catalogue"), ("Template:From", "default"), ("Template:Seeds", "catalogue")));
        var found = new List<string>();

        for (var i = 0; i < 3; i++)
        {
            await using var parent = await session.LeaseAsync();
            await using var layer = await session.LeaseAsync(template: "catalogue");
            found.Add(await Psql.RunAsync(parent.ConnectionString, "insert into t (n) values (9)", "select string_agg(id || ':' || n, ',' order by id) from t"));
            found.Add(await Psql.RunAsync(layer.ConnectionString, "insert into t (n) values (9)", "select string_agg(id || ':' || n, ',' order by id) from t"));
        }

        Assert.Equal(Enumerable.Repeat(new[] { "1:1,2:9", "1:1,2:2,3:3,4:9" }, 3).SelectMany(rows => rows), found);
        await session.AssertEndsWithNothingLeftAsync(server.Address);
    }

    [Fact]
    public async Task A_layer_is_built_from_its_parent_and_not_from_nothing()
    {
        // What each building draws anew shows where it was drawn.
        using var project = new ProjectDirectory().Migration("1.sql", "create table t as select gen_random_uuid() as drawn").File("layer/1.sql", "create table u (n int)");
        var session = RunningSession.Start(project.Configure(server.Address, ("Isolation", "Database"), ("Template:Name", "layer"), ("Template:From", "default"), ("Template:Migrations", "layer")));
        await using var parent = await session.LeaseAsync();
        await using var layer = await session.LeaseAsync(template: "layer");

        Assert.Equal(await Psql.RunAsync(parent.ConnectionString, "select drawn from t"), await Psql.RunAsync(layer.ConnectionString, "select drawn from t"));
        Assert.Equal("0", await Psql.RunAsync(layer.ConnectionString, "select count(*) from u"));
        await session.DisposeAsync();
    }

    [Fact]
    public async Task Templates_of_one_session_have_slots_of_their_own()
    {
        using var project = new ProjectDirectory().File("orders/1.sql", "create table orders (n int)").File("billing/1.sql", "create table bills (n int)");
        await using var session = RunningSession.Start(project.Configure(
            server.Address,
            ("Reuse", "Fenced"),
            ("Template:0:Name", "orders"),
            ("Template:0:Migrations", "orders"),
            ("Template:1:Name", "billing"),
            ("Template:1:Migrations", "billing")));

        await using var orders = await session.LeaseAsync(template: "orders");
        await using var bills = await session.LeaseAsync(LeaseKind.Database, template: "billing");
        var refusal = await Assert.ThrowsAsync<SchemaIsolationException>(() => session.LeaseAsync());

        Assert.Equal("|", await Psql.RunAsync(orders.ConnectionString, "select to_regclass('bills')::text, max(n) from orders"));
        Assert.Equal("|", await Psql.RunAsync(bills.ConnectionString, "select to_regclass('orders')::text, max(n) from bills"));
        Assert.Equal("SI1209", refusal.Code);
        Assert.Equal(["orders", "billing"], (await session.EndAsync()).Templates.Select(template => template.Template));
    }

    [Fact]
    public async Task A_template_that_is_not_configured_is_refused_with_those_that_are()
    {
        using var project = new ProjectDirectory().Migration("1.sql", Table).File("orders/1.sql", "create table orders (n int)");
        await using var session = RunningSession.Start(project.Configure(server.Address, ("Template:Name", "orders"), ("Template:Migrations", "orders")));

        var refusal = await Assert.ThrowsAsync<SchemaIsolationException>(() => session.LeaseAsync(template: "ordrs"));

        Assert.Equal("SI1213", refusal.Code);
        Assert.Equal("There is no template \"ordrs\". Legal are \"default\", \"orders\"; configure it as a Template.", refusal.Reason);
    }

    [Fact]
    public async Task A_parent_that_changes_makes_another_layer()
    {
        using var project = new ProjectDirectory().Migration("1.sql", Table).File("seeds2/1.sql", "insert into t (n) values (1)");
        var options = project.Configure(server.Address, ("Template:Name", "layer"), ("Template:From", "default"), ("Template:Seeds", "seeds2"));
        await LeaseOnceAsync();
        project.Migration("2.sql", "alter table t add column m int default 7");

        Assert.Equal("7", await LeaseOnceAsync());

        async Task<string> LeaseOnceAsync()
        {
            await using var session = RunningSession.Start(options);
            await using var lease = await session.LeaseAsync(template: "layer");
            return await Psql.RunAsync(lease.ConnectionString, "select to_jsonb(t) ->> 'm' from t");
        }
    }

    [Fact]
    public async Task A_template_that_fails_fails_its_own_leases_alone()
    {
        using var project = new ProjectDirectory().Migration("1.sql", Table).File("broken/1.sql", "select nope");
        await using var session = RunningSession.Start(project.Configure(server.Address, ("Template:Name", "broken"), ("Template:Migrations", "broken")));

        var refusal = await Assert.ThrowsAsync<SchemaIsolationException>(() => session.LeaseAsync(template: "broken"));
        await using var lease = await session.LeaseAsync();

        Assert.Equal("SI1206", refusal.Code);
        Assert.Equal("0", await Psql.RunAsync(lease.ConnectionString, "select count(*) from t"));
    }

    [Fact]
    public async Task A_layer_that_does_not_hold_in_a_schema_gets_a_database()
    {
        using var project = new ProjectDirectory().Migration("1.sql", Table).File("layer/1.sql", "create table if not exists public.u (n int)");
        await using var session = RunningSession.Start(project.Configure(
            server.Address, ("Reuse", "Fenced"), ("Template:Name", "layer"), ("Template:From", "default"), ("Template:Migrations", "layer")));

        await using var parent = await session.LeaseAsync();
        await using var layer = await session.LeaseAsync(template: "layer");

        Assert.Equal("test_1", parent.Name);
        Assert.Equal("public", layer.Name);
        Assert.Equal("0", await Psql.RunAsync(layer.ConnectionString, "select count(*) from t, u"));
    }
}
