using SchemaIsolation.Keeper.Postgres;
using SchemaIsolation.Testing;
using SchemaIsolation.Wire;
using Xunit;

namespace SchemaIsolation.Tests.PostgreSql.Sessions;

/// <summary>What is refused where slots are schemas in somebody else's database, and leaves nothing there.</summary>
[Trait("Version", "Any")]
public sealed class SharedDatabaseRefusalTests(TestServer server)
{
    [Theory]
    [InlineData("SI1208", "create table public.t (n int)", "make objects outside their schema", "relation public.t.")]
    [InlineData("SI1208", "create table t (n int); insert into \"public\".users values ('x')", "use tables outside their schema", "public.users.")]
    [InlineData("SI1208", "set search_path to public; update users set name = 'x'", "use tables outside their schema", "public.users.")]
    [InlineData("SI1208", "do $$begin execute 'insert into pub' || 'lic.users values (''x'')'; end$$; create table t (n int)", "use tables outside their schema", "public.users.")]
    [InlineData("SI1208", "create table t as select * from public.users", "use tables outside their schema", "public.users.")]
    [InlineData("SI1208", "do $$begin execute 'create table pub' || 'lic.made (n int)'; end$$; create table t (n int)", "make objects outside their schema", "relation public.made.")]
    [InlineData("SI1208", "create table t (n int references public.keyed)", "use tables outside their schema", "public.keyed.")]
    [InlineData("SI1208", "create table t (n int); select lo_create(0)", "make objects outside their schema", "large object")]
    [InlineData("SI1208", "create table t (n int); alter default privileges grant select on tables to pg_monitor", "make objects outside their schema", "default privileges of")]
    [InlineData("SI1208", "create table t (n int); alter role current_user set statement_timeout = '77s'", "change what is outside their schema", "settings of role given_")]
    [InlineData("SI1208", "create table t (n int); grant usage on schema own to pg_monitor", "change what is outside their schema", "schema own.")]
    [InlineData("SI1208", "create table t (n int); grant select on own.kept to pg_monitor", "outside their schema", "own.kept.")]
    [InlineData("SI1208", "create table t (n int); grant select on all tables in schema public to current_user", "in schema public", "")]
    [InlineData("SI1207", "create table t (n int); create schema more", "\"create schema\" is about more than one schema", "")]
    [InlineData("SI1207", "drop owned by current_user", "\"drop owned\" is about more than one schema", "")]
    [InlineData("SI1207", "create table t (n int); insert into users values ('x')", "relation \"users\" does not exist", "")]
    [InlineData("SI1207", "-- no-transaction\ncreate table t (n int); create index concurrently on public.keyed (n)", "\"public.k…\" is in a schema of others", "")]
    [InlineData("SI1208", "-- no-transaction\ndo $$begin execute 'create table pub' || 'lic.made (n int)'; end$$; create table t (n int)", "left there for you to drop", "relation public.made.")]
    [InlineData("SI1217", "create extension pg_trgm; create table t (n int)", "creates the extension \"pg_trgm\" at line 1, column 1", "")]
    public async Task Migrations_that_reach_more_than_their_schema_are_refused(string code, string migration, string reason, string what)
    {
        await using var given = await GivenDatabase.CreateAsync(server, "create table public.keyed (n int primary key)", "grant create on schema public to public", "grant all on all tables in schema public to public");
        await Psql.RunAsync(given.Address, given.Name, "create schema own", "create table own.kept (n int)");
        using var project = new ProjectDirectory().Migration("1.sql", migration);
        await using var session = RunningSession.Start(given.Configure(project));

        var first = await Assert.ThrowsAsync<SchemaIsolationException>(() => session.LeaseAsync());
        var second = await Assert.ThrowsAsync<SchemaIsolationException>(() => session.LeaseAsync());
        await session.EndAsync();

        Assert.Equal(code, first.Code);
        Assert.Contains(reason, first.Reason, StringComparison.Ordinal);
        Assert.Contains(what, first.Reason, StringComparison.Ordinal);
        Assert.Equal(first.Reason, second.Reason);
        Assert.DoesNotContain("si_", await given.ListSchemasAsync(), StringComparison.Ordinal);
        Assert.Equal("somebody", await given.AskAsync("select name from public.users"));
        if (!migration.StartsWith("-- no-transaction", StringComparison.Ordinal))
            Assert.Equal("0|0|0", await given.AskAsync($"select (select count(*) from pg_class where relname = 'made'), (select count(*) from pg_largeobject_metadata), (select count(*) from pg_db_role_setting where setrole = '{given.Name}'::regrole)"));
    }

    [Fact]
    public async Task Words_and_aliases_that_are_like_schemas_are_none()
    {
        await using var given = await GivenDatabase.CreateAsync(server, "create schema packs", "create table packs.t (n int)");
        using var project = new ProjectDirectory().Migration("1.sql", "-- as in public.users\ncreate table packs (mail text); insert into packs values ('packs.team@example.com'); create view v as select packs.mail from packs");
        await using var session = RunningSession.Start(given.Configure(project));
        await using var lease = await session.LeaseAsync();

        Assert.Equal("packs.team@example.com", await Psql.RunAsync(lease.ConnectionString, "select mail from v"));
    }

    [Fact]
    public async Task What_others_make_while_migrations_run_is_not_taken_for_theirs()
    {
        await using var given = await GivenDatabase.CreateAsync(server);
        using var project = new ProjectDirectory().Migration("1.sql", "create table t (n int); select pg_sleep(1)");
        await using var session = RunningSession.Start(given.Configure(project));
        var leasing = session.LeaseAsync();
        var number = 0;
        while (!leasing.IsCompleted)
            await given.AskAsync($"create table public.other_{++number} (n int)");

        await using var lease = await leasing;

        Assert.True(number > 0);
        Assert.Equal("0", await Psql.RunAsync(lease.ConnectionString, "select count(*) from t"));
    }

    [Fact]
    public async Task A_function_of_a_migrator_that_names_others_is_refused()
    {
        await using var given = await GivenDatabase.CreateAsync(server, "create schema \"Other \"\"one\"\"\"");
        using var project = new ProjectDirectory().File("make.sql", @"create function f() returns int language plpgsql as $$begin return (select count(*) from ""Other """"one"""""" . t); end$$");
        await using var session = RunningSession.Start(given.Configure(project, ("Migrate:Command", "psql -v ON_ERROR_STOP=1 -f make.sql"), ("Migrate:Inputs", "make.sql")));

        var refusal = await Assert.ThrowsAsync<SchemaIsolationException>(() => session.LeaseAsync());

        Assert.Equal("SI1208", refusal.Code);
        Assert.EndsWith("f() names \"Other \"\"one\"\"\".t.", refusal.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_extension_that_the_database_has_is_found_where_it_is()
    {
        await using var given = await GivenDatabase.CreateAsync(server, "create schema \"Extensions\"", "create extension citext schema \"Extensions\"", "grant usage on schema \"Extensions\" to public");
        using var project = new ProjectDirectory().Migration("1.sql", "create extension if not exists citext; create table t (word citext); insert into t values ('Word')");
        await using var session = RunningSession.Start(given.Configure(project));
        await using var lease = await session.LeaseAsync();

        Assert.Equal("1", await Psql.RunAsync(lease.ConnectionString, "select count(*) from t where word = 'wORD'"));
    }

    [Fact]
    public async Task An_extension_beside_tables_of_others_is_refused()
    {
        await using var given = await GivenDatabase.CreateAsync(server, "create extension citext schema public");
        using var project = new ProjectDirectory().Migration("1.sql", "create extension if not exists citext; create table t (word citext)");
        await using var session = RunningSession.Start(given.Configure(project));

        var refusal = await Assert.ThrowsAsync<SchemaIsolationException>(() => session.LeaseAsync());

        Assert.Equal("SI1208", refusal.Code);
        Assert.EndsWith("they are in: public.", refusal.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_needs_a_database_is_refused()
    {
        await using var given = await GivenDatabase.CreateAsync(server);
        using var project = new ProjectDirectory().Migration("1.sql", "create table t (n int)");
        await using var session = RunningSession.Start(given.Configure(project));

        var database = await Assert.ThrowsAsync<SchemaIsolationException>(() => session.LeaseAsync(LeaseKind.Database));
        var definition = await Assert.ThrowsAsync<SchemaIsolationException>(() => session.DefineAsync(new TemplateDefinition("orders", "1", (_, _) => Task.CompletedTask)));

        Assert.Equal(("SI1113", "SI1113"), (database.Code, definition.Code));
    }

    [Fact]
    public async Task A_role_without_the_right_to_create_schemas_is_told_how_to_get_it()
    {
        await using var given = await GivenDatabase.CreateAsync(server);
        await given.AskAsync($"revoke create on database {given.Name} from {given.Name}");
        using var project = new ProjectDirectory().Migration("1.sql", "create table t (n int)");
        await using var session = RunningSession.Start(given.Configure(project));

        var refusal = await Assert.ThrowsAsync<SchemaIsolationException>(() => session.LeaseAsync());

        Assert.Equal("SI1112", refusal.Code);
        Assert.Contains($"Run \"grant create on database \"{given.Name}\" to \"{given.Name}\"\" as its owner", refusal.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_role_that_may_not_create_databases_is_told_of_shared_ones()
    {
        await using var given = await GivenDatabase.CreateAsync(server);
        using var project = new ProjectDirectory().Migration("1.sql", "create table t (n int)");
        await using var session = RunningSession.Start(project.Configure(given.Address));

        var refusal = await Assert.ThrowsAsync<SchemaIsolationException>(() => session.LeaseAsync());

        Assert.Equal("SI1103", refusal.Code);
        Assert.Contains("name in SharedDatabase a database in which it may create schemas", refusal.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_database_is_never_dropped_or_renamed_that_is_shared()
    {
        await using var given = await GivenDatabase.CreateAsync(server);
        var name = DatabaseName.ForShared(given.Name);

        await Assert.ThrowsAsync<InvalidOperationException>(() => server.Postgres.DropDatabaseAsync(name, CancellationToken.None));
        await Assert.ThrowsAsync<InvalidOperationException>(() => server.Postgres.TryDropUnusedDatabaseAsync(name, CancellationToken.None));
        await Assert.ThrowsAsync<InvalidOperationException>(() => server.Postgres.RenameDatabaseAsync(name, DatabaseName.ForSlot(SessionId.New(), 1), CancellationToken.None));
        await Assert.ThrowsAsync<InvalidOperationException>(() => server.Postgres.EndConnectionsAsync(name, CancellationToken.None));
    }
}
