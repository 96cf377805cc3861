using SchemaIsolation.Keeper.Postgres;
using SchemaIsolation.Keeper.Templates;
using SchemaIsolation.Keeper.TestDatabases;
using SchemaIsolation.Testing;
using Xunit;
using TestDatabase = SchemaIsolation.Keeper.TestDatabases.TestDatabase;

namespace SchemaIsolation.Tests.PostgreSql.TestDatabases;

[Trait("Version", "Any")]
public sealed class TestDatabaseTests(TestServer server) : IAsyncDisposable
{
    private readonly ProjectDirectory project = new();
    private readonly string name = $"shop_test_{Guid.NewGuid():N}";
    private readonly List<string> ran = [];

    [Fact]
    public async Task It_is_made_migrated_and_seeded()
    {
        project.Migration("1_packs.sql", "create table packs (ref text)").Seed("a.sql", "insert into packs values ('seed')");

        var migration = await MigrateAsync();

        Assert.True(migration.IsNew);
        Assert.Equal(["1/2 1_packs.sql", "2/2 a.sql"], ran);
        Assert.Equal("seed", await QueryAsync("select ref from packs"));
    }

    [Fact]
    public async Task A_new_migration_is_run_and_neither_former_ones_nor_seeds_again()
    {
        project.Migration("1_packs.sql", "create table packs (ref text)").Seed("a.sql", "insert into packs values ('seed')");
        await MigrateAsync();
        await QueryAsync("insert into packs values ('mine')");
        project.Migration("2_size.sql", "alter table packs add size int");

        var migration = await MigrateAsync();

        Assert.False(migration.IsNew);
        Assert.Equal(["2_size.sql"], migration.Files);
        Assert.Equal("2", await QueryAsync("select count(*) from packs where size is null"));
    }

    [Fact]
    public async Task What_was_run_before_one_that_failed_is_not_run_again()
    {
        project.Migration("1_packs.sql", "create table packs (ref text)").Migration("2_bad.sql", "alter table nowhere add size int");
        await Assert.ThrowsAsync<SchemaIsolationException>(MigrateAsync);
        project.Migration("2_bad.sql", "alter table packs add size int");

        var migration = await MigrateAsync();

        Assert.Equal(["2_bad.sql"], migration.Files);
    }

    [Fact]
    public async Task A_migration_that_was_changed_after_it_was_run_is_refused_and_nothing_is_run()
    {
        project.Migration("1_packs.sql", "create table packs (ref text)");
        await MigrateAsync();
        project.Migration("1_packs.sql", "create table packs (ref varchar)").Migration("2_size.sql", "alter table packs add size int");

        var refusal = await Assert.ThrowsAsync<SchemaIsolationException>(MigrateAsync);

        Assert.Equal("SI4003", refusal.Code);
        Assert.Contains("\"migrations/1_packs.sql\" has changed since it was run", refusal.Reason, StringComparison.Ordinal);
        Assert.Equal("0", await QueryAsync("select count(*) from pg_attribute where attname = 'size' and attrelid = 'packs'::regclass"));
    }

    [Fact]
    public async Task One_whose_tables_somebody_else_made_is_not_migrated()
    {
        project.Migration("1_packs.sql", "create table packs (ref text)");
        await Psql.RunAsync(server.Address, "postgres", $"create database {name}");
        await QueryAsync("create table theirs (id int)");

        var refusal = await Assert.ThrowsAsync<SchemaIsolationException>(MigrateAsync);

        Assert.Equal("SI4005", refusal.Code);
        Assert.Equal("theirs", await QueryAsync("select string_agg(relname, ',') from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace"));
    }

    [Fact]
    public async Task A_database_that_nothing_marks_as_one_of_tests_is_neither_migrated_nor_dropped()
    {
        project.Migration("1_packs.sql", "create table packs (ref text)");
        var theirs = $"shop_{Guid.NewGuid():N}";
        await Psql.RunAsync(server.Address, "postgres", $"create database {theirs}");

        var migrated = await Assert.ThrowsAsync<SchemaIsolationException>(() => Open(theirs).MigrateAsync(isCreated: true, (_, _, _) => { }, CancellationToken.None));
        var dropped = await Assert.ThrowsAsync<SchemaIsolationException>(() => Open(theirs).DropAsync(CancellationToken.None));
        var cleaned = await Assert.ThrowsAsync<SchemaIsolationException>(() => Open(theirs).CleanAsync(CancellationToken.None));

        Assert.Equal(("SI4002", "SI4002", "SI4002"), (migrated.Code, dropped.Code, cleaned.Code));
        await Psql.RunAsync(server.Address, "postgres", $"drop database {theirs}");
    }

    [Fact]
    public async Task A_name_that_needs_quotes_is_quoted()
    {
        project.Migration("1_packs.sql", "create table packs (ref text)");
        var odd = $"Test \"{Guid.NewGuid():N}\"; --";
        var database = Open(odd);

        await database.MigrateAsync(isCreated: true, (_, _, _) => { }, CancellationToken.None);

        Assert.True(await database.DropAsync(CancellationToken.None));
        Assert.False(await database.DropAsync(CancellationToken.None));
    }

    [Fact]
    public async Task One_that_is_not_there_is_migrated_only_when_it_may_be_made()
    {
        project.Migration("1_packs.sql", "create table packs (ref text)");

        var refusal = await Assert.ThrowsAsync<SchemaIsolationException>(() => Open(name).MigrateAsync(isCreated: false, (_, _, _) => { }, CancellationToken.None));

        Assert.Equal("SI4004", refusal.Code);
    }

    [Fact]
    public async Task Two_that_set_it_up_at_once_do_it_once()
    {
        project.Migration("1_packs.sql", "create table packs (ref text)").Seed("a.sql", "insert into packs values ('seed')");
        var (one, other) = (Open(name), Open(name));

        var migrations = await Task.WhenAll(new[] { one, other }.Select(database => database.MigrateAsync(isCreated: true, (_, _, _) => { }, CancellationToken.None)));

        Assert.Equal([0, 2], migrations.Select(migration => migration.Files.Count).Order());
        Assert.Equal("1", await QueryAsync("select count(*) from packs"));
    }

    [Fact]
    public async Task It_is_dropped_although_somebody_is_connected()
    {
        project.Migration("1_packs.sql", "create table packs (ref text)");
        await MigrateAsync();
        await using var connection = await server.Postgres.OpenUnpooledAsync(name, CancellationToken.None);

        Assert.True(await Open(name).DropAsync(CancellationToken.None));
    }

    public async ValueTask DisposeAsync()
    {
        await Psql.RunAsync(server.Address, "postgres", $"drop database if exists {name} with (force)");
        project.Dispose();
    }

    private async Task<TestDatabaseMigration> MigrateAsync()
        => await Open(name).MigrateAsync(isCreated: true, (file, number, count) => ran.Add($"{number}/{count} {file.Name}"), CancellationToken.None);

    private TestDatabase Open(string database)
        => new(server.Postgres, DatabaseName.ForTest(database), project.Path, TemplateSource.ReadAll(project.Configure(server.Address))["default"], TimeProvider.System, _ => { });

    private Task<string> QueryAsync(string sql) => Psql.RunAsync(server.Address, name, sql);
}
