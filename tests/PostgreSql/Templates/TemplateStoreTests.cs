using SchemaIsolation.Keeper.Postgres;
using SchemaIsolation.Keeper.Templates;
using SchemaIsolation.Testing;
using Xunit;

namespace SchemaIsolation.Tests.PostgreSql.Templates;

public sealed class TemplateStoreTests(TestServer server)
{
    [Fact]
    public async Task Eight_keepers_that_ask_at_once_build_one_schema_template()
    {
        using var project = new ProjectDirectory().Migration("1.sql", "create table t (n int)");
        var options = project.Configure(server.Address);

        var templates = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => TemplateStores.EnsureApartAsync(server, options, TemplateKind.Schema)));

        Assert.Single(templates, template => !template.IsReused);
        Assert.Single(templates.Select(template => template.Name).Distinct());
    }

    [Fact]
    public async Task Eight_keepers_that_ask_at_once_build_one_database_template()
    {
        using var project = new ProjectDirectory().Migration("1.sql", "create table t (n int)");
        var options = project.Configure(server.Address);

        var templates = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => TemplateStores.EnsureApartAsync(server, options, TemplateKind.Database)));

        Assert.Single(templates, template => !template.IsReused);
        Assert.Single(templates.Select(template => template.Name).Distinct());
    }

    [Fact]
    public async Task A_template_is_published_when_it_is_handed_out()
    {
        using var project = new ProjectDirectory().Migration("1.sql", "create table t (n int)");

        await using var template = await TemplateStores.Of(server.Postgres, project.Configure(server.Address)).EnsureAsync(TemplateKind.Schema, CancellationToken.None);

        Assert.Equal("True|False", await Psql.RunAsync(server.Address, "postgres", $"select datistemplate, datallowconn from pg_database where datname = '{template.Name}'"));
    }

    [Fact]
    public async Task Nothing_changed_reuses_the_template()
    {
        using var project = new ProjectDirectory().Migration("1.sql", "create table t (n int)").Seed("1.sql", "insert into t values (1)");
        var first = await TemplateStores.EnsureApartAsync(server, project.Configure(server.Address), TemplateKind.Database);

        var second = await TemplateStores.EnsureApartAsync(server, project.Configure(server.Address), TemplateKind.Database);

        Assert.False(first.IsReused);
        Assert.True(second.IsReused);
        Assert.Equal(first.Name, second.Name);
    }

    [Fact]
    public async Task What_does_not_shape_the_template_reuses_it()
    {
        using var project = new ProjectDirectory().Migration("1.sql", "create table t (n int)");
        var first = await TemplateStores.EnsureApartAsync(server, project.Configure(server.Address), TemplateKind.Schema);

        var second = await TemplateStores.EnsureApartAsync(
            server, project.Configure(server.Address, ("MaxSlots", "9"), ("LeaseTimeout", "00:00:09"), ("MigrationTimeout", "00:00:09")), TemplateKind.Schema);

        Assert.Equal(first.Name, second.Name);
        Assert.True(second.IsReused);
    }

    [Fact]
    public async Task A_changed_migration_builds_another_template_and_keeps_the_first()
    {
        using var project = new ProjectDirectory().Migration("1.sql", "create table t (n int)");
        var first = await TemplateStores.EnsureApartAsync(server, project.Configure(server.Address), TemplateKind.Database);
        project.Migration("1.sql", "create table t (n bigint)");

        var second = await TemplateStores.EnsureApartAsync(server, project.Configure(server.Address), TemplateKind.Database);

        Assert.False(second.IsReused);
        Assert.NotEqual(first.Name, second.Name);
        Assert.True(await server.Postgres.IsPublishedAsync(first.Name, CancellationToken.None));
    }

    [Fact]
    public async Task A_further_migration_builds_another_template()
    {
        using var project = new ProjectDirectory().Migration("1.sql", "create table t (n int)");
        var first = await TemplateStores.EnsureApartAsync(server, project.Configure(server.Address), TemplateKind.Database);
        project.Migration("2.sql", "create table u (n int)");

        var second = await TemplateStores.EnsureApartAsync(server, project.Configure(server.Address), TemplateKind.Database);

        Assert.NotEqual(first.Name, second.Name);
    }

    [Fact]
    public async Task A_renamed_migration_builds_another_template()
    {
        using var project = new ProjectDirectory().Migration("1.sql", "create table t (n int)");
        var first = await TemplateStores.EnsureApartAsync(server, project.Configure(server.Address), TemplateKind.Database);
        File.Move(Path.Combine(project.Path, "migrations", "1.sql"), Path.Combine(project.Path, "migrations", "2.sql"));

        var second = await TemplateStores.EnsureApartAsync(server, project.Configure(server.Address), TemplateKind.Database);

        Assert.NotEqual(first.Name, second.Name);
    }

    [Fact]
    public async Task A_changed_seed_builds_another_template()
    {
        using var project = new ProjectDirectory().Migration("1.sql", "create table t (n int)").Seed("1.sql", "insert into t values (1)");
        var first = await TemplateStores.EnsureApartAsync(server, project.Configure(server.Address), TemplateKind.Database);
        project.Seed("1.sql", "insert into t values (2)");

        var second = await TemplateStores.EnsureApartAsync(server, project.Configure(server.Address), TemplateKind.Database);

        Assert.NotEqual(first.Name, second.Name);
    }

    [Fact]
    public async Task Another_number_of_copies_builds_another_schema_template()
    {
        using var project = new ProjectDirectory().Migration("1.sql", "create table t (n int)");
        var first = await TemplateStores.EnsureApartAsync(server, project.Configure(server.Address, ("TemplateCopies", "2")), TemplateKind.Schema);

        var second = await TemplateStores.EnsureApartAsync(server, project.Configure(server.Address, ("TemplateCopies", "3")), TemplateKind.Schema);

        Assert.NotEqual(first.Name, second.Name);
    }

    [Fact]
    public async Task Another_number_of_copies_reuses_the_database_template()
    {
        using var project = new ProjectDirectory().Migration("1.sql", "create table t (n int)");
        var first = await TemplateStores.EnsureApartAsync(server, project.Configure(server.Address, ("TemplateCopies", "2")), TemplateKind.Database);

        var second = await TemplateStores.EnsureApartAsync(server, project.Configure(server.Address, ("TemplateCopies", "3")), TemplateKind.Database);

        Assert.Equal(first.Name, second.Name);
    }

    [Fact]
    public async Task A_half_built_template_is_replaced()
    {
        using var project = new ProjectDirectory().Migration("1.sql", "create table t (n int)");
        var options = project.Configure(server.Address);
        var name = TemplateStores.Of(server.Postgres, options).NameOf(TemplateKind.Database, server.Postgres);
        await using (await AdvisoryLock.ShareTemplateAsync(server.Postgres, name.Owner, CancellationToken.None))
        {
            await server.Postgres.CreateDatabaseAsync(name, template: null, CancellationToken.None);
            await Psql.RunAsync(server.Address, name, "create table half_built ()");

            await using var copy = await TemplateStores.CopyAsync(server, options, TemplateKind.Database);

            Assert.Equal("t", await Psql.RunAsync(copy.ConnectionString, "select relname::text from pg_class where relnamespace = 'public'::regnamespace"));
        }
    }

    [Fact]
    public async Task A_half_built_template_that_somebody_looks_into_is_replaced()
    {
        using var project = new ProjectDirectory().Migration("1.sql", "create table t (n int)");
        var options = project.Configure(server.Address);
        var store = TemplateStores.Of(server.Postgres, options);
        var name = store.NameOf(TemplateKind.Database, server.Postgres);
        await using var use = await AdvisoryLock.ShareTemplateAsync(server.Postgres, name.Owner, CancellationToken.None);
        await server.Postgres.CreateDatabaseAsync(name, template: null, CancellationToken.None);
        await using var onlooker = await server.Postgres.OpenUnpooledAsync(name.ToString(), CancellationToken.None);

        await using var template = await store.EnsureAsync(TemplateKind.Database, CancellationToken.None);

        Assert.False(template.IsReused);
        Assert.True(await server.Postgres.IsPublishedAsync(name, CancellationToken.None));
    }

    [Fact]
    public async Task A_template_is_not_published_before_its_last_file_and_gone_when_its_building_is_cancelled()
    {
        using var project = new ProjectDirectory().Migration("1.sql", "create table t (n int)").Migration("2.sql", "select pg_sleep(600)");
        var store = TemplateStores.Of(server.Postgres, project.Configure(server.Address));
        var name = store.NameOf(TemplateKind.Database, server.Postgres);
        using var giveUp = new CancellationTokenSource();
        var building = store.EnsureAsync(TemplateKind.Database, giveUp.Token);
        await Eventually.TrueAsync(async () => await Psql.RunAsync(server.Address, "postgres", $"select 1 from pg_stat_activity where datname = '{name}' and wait_event = 'PgSleep'") == "1");
        var isPublishedBefore = await server.Postgres.IsPublishedAsync(name, CancellationToken.None);

        await giveUp.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => building);
        Assert.False(isPublishedBefore);
        Assert.Null(await server.Postgres.IsPublishedAsync(name, CancellationToken.None));
    }

    [Fact]
    public async Task A_template_in_use_cannot_be_had_alone_until_its_last_user_leaves()
    {
        using var project = new ProjectDirectory().Migration("1.sql", "create table t (n int)");
        var template = await TemplateStores.Of(server.Postgres, project.Configure(server.Address)).EnsureAsync(TemplateKind.Database, CancellationToken.None);
        await using var whileUsed = await AdvisoryLock.TryTakeTemplateAsync(server.Postgres, template.Name.Owner, CancellationToken.None);

        await template.DisposeAsync();

        Assert.Null(whileUsed);
        await Eventually.TrueAsync(async () =>
        {
            await using var alone = await AdvisoryLock.TryTakeTemplateAsync(server.Postgres, template.Name.Owner, CancellationToken.None);
            return alone is not null;
        });
    }

    [Fact]
    public async Task Migrations_and_seeds_stand_in_the_database_template_where_they_put_their_tables()
    {
        using var project = new ProjectDirectory()
            .Migration("1.sql", "create schema utils; create table public.t (n int); create table utils.u (n int)")
            .Seed("b.sql", "insert into utils.u select n from t")
            .Seed("a.sql", "insert into t values (7)");

        await using var copy = await TemplateStores.CopyAsync(server, project.Configure(server.Address), TemplateKind.Database);

        Assert.Equal("7", await Psql.RunAsync(copy.ConnectionString, "select n from utils.u"));
    }

    [Fact]
    public async Task A_migration_that_fails_in_the_database_template_leaves_nothing_behind()
    {
        using var project = new ProjectDirectory().Migration("1.sql", "create table t (n int)").Migration("2.sql", "select 1;\n\ninsert into nope values (1)");
        var store = TemplateStores.Of(server.Postgres, project.Configure(server.Address));

        var exception = await Assert.ThrowsAsync<SchemaIsolationException>(() => store.EnsureAsync(TemplateKind.Database, CancellationToken.None));

        Assert.Equal("SI1206", exception.Code);
        Assert.Equal(
            "The migration \"2.sql\" failed at line 3, column 13 in \"insert into nope values (1)\". Correct the file; the server answered 42P01 (undefined_table): relation \"nope\" does not exist.",
            exception.Reason);
        Assert.Null(await server.Postgres.IsPublishedAsync(store.NameOf(TemplateKind.Database, server.Postgres), CancellationToken.None));
    }

    [Fact]
    public async Task A_migration_that_fails_in_the_schema_template_leaves_nothing_behind()
    {
        using var project = new ProjectDirectory().Migration("1.sql", "create table t (n int)").Migration("2.sql", "select 1;\n\ninsert into nope values (1)");
        var store = TemplateStores.Of(server.Postgres, project.Configure(server.Address));

        var exception = await Assert.ThrowsAsync<SchemaIsolationException>(() => store.EnsureAsync(TemplateKind.Schema, CancellationToken.None));

        Assert.Equal("SI1207", exception.Code);
        Assert.Equal(
            "The migrations cannot be run into schema \"test_1\", one of several copies in a database. The migration \"2.sql\" failed at line 3, column 13 in \"insert into nope values (1)\". Correct the file; the server answered 42P01 (undefined_table): relation \"nope\" does not exist.",
            exception.Reason);
        Assert.Null(await server.Postgres.IsPublishedAsync(store.NameOf(TemplateKind.Schema, server.Postgres), CancellationToken.None));
    }

    [Fact]
    public async Task A_failed_building_lets_the_next_one_in()
    {
        using var project = new ProjectDirectory().Migration("1.sql", "select 1 / 0");
        var options = project.Configure(server.Address);
        await Assert.ThrowsAsync<SchemaIsolationException>(() => TemplateStores.EnsureApartAsync(server, options, TemplateKind.Database));

        var again = await Assert.ThrowsAsync<SchemaIsolationException>(() => TemplateStores.EnsureApartAsync(server, options, TemplateKind.Database));

        Assert.Equal("SI1206", again.Code);
    }
}
