using System.Globalization;
using SchemaIsolation.Keeper.Configuration;
using SchemaIsolation.Keeper.Postgres;
using SchemaIsolation.Keeper.Templates;
using SchemaIsolation.Testing;
using SchemaIsolation.Tests.PostgreSql.Sessions;
using SchemaIsolation.Tests.PostgreSql.Sweeping;
using Xunit;

namespace SchemaIsolation.Tests.PostgreSql.Templates;

[Trait("Version", "Any")]
public sealed class TemplateCollectionTests(SweptServer server) : IClassFixture<SweptServer>, IAsyncDisposable
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Week = TimeSpan.FromDays(7);

    private readonly ProjectDirectory project = new();
    private readonly ManualTimeProvider time = new();

    [Fact]
    public async Task A_template_that_nobody_used_for_longer_than_its_time_to_live_is_dropped()
    {
        var old = await ShelveAsync(1, Start - Week - TimeSpan.FromSeconds(1));
        await ShelveAsync(2, Start - Week);

        var collected = await CollectAsync();

        Assert.Equal([$"{old} (last used 2025-12-24 23:59 UTC, beyond TemplateTtl 7.00:00:00)"], collected);
        Assert.Equal("2", await ListAsync());
    }

    [Fact]
    public async Task Those_that_were_not_used_for_longest_go_when_there_are_too_many()
    {
        await ShelveAsync(1, Start);
        await ShelveAsync(2, Start - TimeSpan.FromHours(3));
        await ShelveAsync(3, Start - TimeSpan.FromHours(1));
        await ShelveAsync(4, Start - TimeSpan.FromHours(2));

        var collected = await CollectAsync(("MaxTemplates", "2"));

        Assert.Equal(2, collected.Count);
        Assert.EndsWith("(last used 2025-12-31 21:00 UTC, beyond MaxTemplates 2)", collected[0], StringComparison.Ordinal);
        Assert.Equal("1, 3", await ListAsync());
    }

    [Fact]
    public async Task A_template_in_use_is_kept_and_another_goes_for_it()
    {
        var used = await ShelveAsync(1, Start - Week);
        await ShelveAsync(2, Start - TimeSpan.FromHours(2));
        await ShelveAsync(3, Start - TimeSpan.FromHours(1));
        await using var use = await AdvisoryLock.ShareTemplateAsync(server.Postgres, used.Owner, CancellationToken.None);

        await CollectAsync(("MaxTemplates", "2"));

        Assert.Equal("1, 3", await ListAsync());
    }

    [Fact]
    public async Task A_template_that_is_in_use_for_longer_than_its_time_to_live_is_kept()
    {
        var used = await ShelveAsync(1, Start - Week - Week);
        await using var use = await AdvisoryLock.ShareTemplateAsync(server.Postgres, used.Owner, CancellationToken.None);

        var collected = await CollectAsync();

        Assert.Empty(collected);
        Assert.Equal("1", await ListAsync());
    }

    [Fact]
    public async Task A_template_whose_build_lock_is_held_is_kept()
    {
        var built = await ShelveAsync(1, Start - Week - Week);
        await using var building = await AdvisoryLock.BuildTemplateAsync(server.Postgres, built.Owner, CancellationToken.None);

        await CollectAsync();

        Assert.Equal("1", await ListAsync());
    }

    [Fact]
    public async Task A_template_that_is_in_use_by_one_with_another_maintenance_database_is_kept()
    {
        var used = await ShelveAsync(1, Start - Week - Week);
        await Psql.RunAsync(server.Address, "postgres", "create database maintenance_of_others");
        await using var elsewhere = await PostgresServer.ConnectAsync(server.Address, "maintenance_of_others", CancellationToken.None);
        await using var use = await AdvisoryLock.ShareTemplateAsync(elsewhere, used.Owner, CancellationToken.None);

        await CollectAsync();

        Assert.Equal("1", await ListAsync());
    }

    [Theory]
    [InlineData("")]
    [InlineData("Mine, please keep")]
    [InlineData("""{"schemaRefusal":{"code":"SI1208","reason":"It is so."},"comment":"Mine, please keep"}""")]
    [InlineData("""{"strategy":"WalLog","usedAt":"2036-01-01T00:00:00+00:00","comment":"Mine, please keep"}""")]
    public async Task A_template_of_which_nobody_knows_when_it_was_used_is_used_now(string comment)
    {
        var name = await ShelveAsync(1, comment);

        var first = await CollectAsync(("MaxTemplates", "1"));
        var notes = TemplateNotes.Read(await server.Postgres.CommentOfAsync(name.ToString(), CancellationToken.None));
        time.Advance(Week);
        var second = await CollectAsync();
        time.Advance(TimeSpan.FromSeconds(1));
        var third = await CollectAsync();

        Assert.Empty(first);
        Assert.Equal(Start, notes.UsedAt);
        Assert.Equal(comment.Length == 0 ? "" : "Mine, please keep", notes.Comment);
        Assert.Empty(second);
        Assert.Single(third);
    }

    [Fact]
    public async Task A_dry_run_names_what_it_would_drop_and_changes_nothing()
    {
        var old = await ShelveAsync(1, Start - Week - Week);
        var unknown = await ShelveAsync(2, "");
        await using var use = await AdvisoryLock.ShareTemplateAsync(server.Postgres, (await ShelveAsync(3, Start - Week - Week)).Owner, CancellationToken.None);

        var (found, _) = await Collection().RunAsync([], isDryRun: true, CancellationToken.None);

        Assert.Equal([old], found.Select(template => template.Name));
        Assert.Equal("1, 2, 3", await ListAsync());
        Assert.Equal("", await server.Postgres.CommentOfAsync(unknown.ToString(), CancellationToken.None));
    }

    [Theory]
    [InlineData("si_t_e00000000000001", true)]
    [InlineData("si_t_E000000000000001", true)]
    [InlineData("si_t_e000000000000001_1", true)]
    [InlineData("si_t_e000000000000001 ", true)]
    [InlineData("si_t_shop", true)]
    [InlineData("si_p_e000000000000001", true)]
    [InlineData("si_t_e000000000000001", false)]
    public async Task What_is_no_published_template_of_ours_is_never_touched(string name, bool isPublished)
    {
        await server.Postgres.ExecuteAsync($"create database \"{name}\" template template0", CancellationToken.None);
        await server.Postgres.ExecuteAsync(Sql.CommentOnDatabase(name, Notes(Start - Week - Week)), CancellationToken.None);
        if (isPublished)
            await server.Postgres.ExecuteAsync(Sql.Publish(name), CancellationToken.None);

        var collected = await CollectAsync(("MaxTemplates", "1"));

        Assert.Empty(collected);
        Assert.True(await server.HasAsync(name));
        await server.Postgres.ExecuteAsync(Sql.Unpublish(name), CancellationToken.None);
        await server.Postgres.ExecuteAsync(Sql.DropDatabase(name), CancellationToken.None);
    }

    [Fact]
    public async Task A_template_of_another_role_is_left_to_it()
    {
        var others = await ShelveAsync(1, Start - Week - Week);
        var own = await ShelveAsync(2, Start - Week - Week);
        await Psql.RunAsync(server.Address, "postgres", "create role collector login createdb");
        await Psql.RunAsync(server.Address, "postgres", $"alter database {own} owner to collector");
        await using var collector = await PostgresServer.ConnectAsync(ServerAddress.ForSocket(server.Address.Host, "collector"), "postgres", CancellationToken.None);

        var (dropped, failures) = await new TemplateCollection(collector, project.Configure(server.Address), time).RunAsync([], isDryRun: false, CancellationToken.None);

        Assert.Equal([own], dropped.Select(template => template.Name));
        Assert.Empty(failures);
        Assert.True(await server.HasAsync(others.ToString()));
    }

    [Fact]
    public async Task Collections_at_the_same_time_drop_each_template_once()
    {
        await ShelveAsync(1, Start - Week - Week);
        await ShelveAsync(2, Start - Week - Week);

        var collected = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => CollectAsync()));

        Assert.Equal(2, collected.Sum(templates => templates.Count));
        Assert.Equal("", await ListAsync());
    }

    [Fact]
    public async Task Whoever_wants_a_template_that_is_being_collected_gets_it_or_another()
    {
        var options = project.Migration("1.sql", "create table t as select 7 as n").Configure(server.Address);
        var far = new ManualTimeProvider();
        far.Advance(Week * 100);
        using var enough = new CancellationTokenSource();
        var collecting = CollectUntilAsync(new TemplateCollection(server.Postgres, options, far), enough.Token);
        var built = 0;

        for (var i = 0; i < 40 || built < 3; i++)
        {
            await using var template = await TemplateStores.Of(server.Postgres, options, time: time).EnsureAsync(TemplateKind.Database, CancellationToken.None);
            await using var session = await OwnSession.StartAsync(server.Postgres);
            await session.Databases.CreateAsync(session.Databases.NextForSlot(), template.Name, CancellationToken.None);
            built += template.IsReused ? 0 : 1;
        }

        await enough.CancelAsync();
        Assert.Empty(await collecting);
    }

    [Fact]
    public async Task A_session_collects_the_templates_of_others_and_says_so_and_spares_its_own()
    {
        project.Migration("1.sql", "create table t (n int)");
        var own = await EnsureAsync();
        await server.Postgres.ExecuteAsync(Sql.CommentOnDatabase(own.ToString(), Notes(Start - Week)), CancellationToken.None);
        var old = await ShelveAsync(1, Start - Week);

        await using var session = RunningSession.Start(project.Configure(server.Address, ("Isolation", "Database")));
        await using (await session.LeaseAsync())
            await session.WaitForLogAsync($"Dropped 1 templates that no session has used for long: {old} (last used 2025-12-25 00:00 UTC, beyond TemplateTtl 7.00:00:00)");

        Assert.True(Assert.Single((await session.EndAsync()).Templates).IsReused);
        Assert.False(await server.HasAsync(old.ToString()));
        Assert.True(await server.HasAsync(own.ToString()));
    }

    public async ValueTask DisposeAsync()
    {
        project.Dispose();
        foreach (var database in await server.Postgres.ListDatabasesAsync(CancellationToken.None))
            await server.Postgres.DropDatabaseAsync(database.Name, CancellationToken.None);
    }

    private static string Notes(DateTimeOffset usedAt) => new TemplateNotes { UsedAt = usedAt }.ToString();

    private TemplateCollection Collection(params (string Key, string Value)[] values) => new(server.Postgres, project.Configure(server.Address, values), time);

    private async Task<IReadOnlyList<string>> CollectAsync(params (string Key, string Value)[] values)
    {
        var (dropped, failures) = await Collection(values).RunAsync([], isDryRun: false, CancellationToken.None);
        Assert.Empty(failures);
        return [.. dropped.Select(template => template.ToString())];
    }

    private static async Task<IReadOnlyList<string>> CollectUntilAsync(TemplateCollection collection, CancellationToken cancellationToken)
    {
        while (true)
        {
            var (_, failures) = await collection.RunAsync([], isDryRun: false, CancellationToken.None);
            if (failures.Count > 0 || cancellationToken.IsCancellationRequested)
                return failures;
        }
    }

    private Task<DatabaseName> ShelveAsync(int number, DateTimeOffset usedAt) => ShelveAsync(number, Notes(usedAt));

    private async Task<DatabaseName> ShelveAsync(int number, string comment)
    {
        var name = await server.LeaveAsync(DatabaseName.ForTemplate(number.ToString("x8", CultureInfo.InvariantCulture) + "eeeeeeee"));
        await server.Postgres.ExecuteAsync(Sql.CommentOnDatabase(name.ToString(), comment), CancellationToken.None);
        await server.Postgres.ExecuteAsync(Sql.Publish(name.ToString()), CancellationToken.None);
        return name;
    }

    private async Task<DatabaseName> EnsureAsync()
    {
        await using var template = await TemplateStores.Of(server.Postgres, project.Configure(server.Address, ("Isolation", "Database"))).EnsureAsync(TemplateKind.Database, CancellationToken.None);
        return template.Name;
    }

    // The numbers of what was shelved and is there.
    private Task<string> ListAsync()
        => Psql.RunAsync(server.Address, "postgres", "select ltrim(substr(datname, 6, 8), '0') from pg_database where datname like 'si\\_t\\_%eeeeeeee' order by datname");
}
