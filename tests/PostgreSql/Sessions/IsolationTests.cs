using SchemaIsolation.Keeper.Configuration;
using SchemaIsolation.Keeper.Reporting;
using SchemaIsolation.Testing;
using SchemaIsolation.Wire;
using Xunit;

namespace SchemaIsolation.Tests.PostgreSql.Sessions;

/// <summary>What a migrated lease of a schema gets.</summary>
public sealed class IsolationTests(TestServer server)
{
    private const string Table = "create table t (n int)";
    private const string Mood = $"create type mood as enum ('ok'); {Table}";

    [Theory]
    [InlineData("Auto", "Fenced")]
    [InlineData("Schema", "Fenced")]
    [InlineData("Database", "Fenced")]
    [InlineData("Auto", "Never")]
    [InlineData("Schema", "Never")]
    [InlineData("Database", "Never")]
    [InlineData("Database", "Warm")]
    public async Task The_same_test_runs_whatever_it_gets(string isolation, string reuse)
    {
        using var project = new ProjectDirectory().Migration("1.sql", Table);
        await using var session = RunningSession.Start(project.Configure(server.Address, ("Isolation", isolation), ("Reuse", reuse)));
        var found = new List<string>();

        for (var i = 0; i < 4; i++)
        {
            await using var lease = await session.LeaseAsync();
            found.Add(await Psql.RunAsync(lease.ConnectionString, "insert into t values (1)", $"insert into \"{lease.Name}\".t values (1)", $"select count(*), count(*) filter (where to_regclass('{lease.Name}.t') = 't'::regclass) from t"));
        }

        Assert.All(found, rows => Assert.Equal("2|2", rows));
    }

    [Theory]
    [InlineData("create table public.t (n int)", "SI1207: The migrations cannot be run into schema \"test_2\"")]
    [InlineData($"{Table}; create schema utils", "SI1207: ")]
    [InlineData($"{Table}; create schema if not exists utils", "schema utils")]
    [InlineData($"{Table}; do $$ begin if not exists (select from pg_type where typname = 'mood') then create type mood as enum ('ok'); end if; end $$", "only one has \"type mood: e")]
    [InlineData($"{Table}; create function f() returns bigint language plpgsql as 'begin return (select count(*) from public.t); end'", "test_2.f() names public.t")]
    [InlineData($"{Table}; create function f() returns int language sql set search_path = public as 'select 1'", "test_2.f() has the search path public")]
    [InlineData($"{Table}; create function f() returns int language plpgsql as 'begin perform 1 from test_1.t; return 1; end'", "test_2.f() names test_1")]
    [InlineData($"{Table}; do $$ begin create event trigger e on sql_drop execute function suppress_redundant_updates_trigger(); exception when others then create publication p; end $$", "SI120")]
    [InlineData($"{Table}; do $$ begin create publication p; exception when duplicate_object then null; end $$", "publication p")]
    [InlineData($"{Table}; do $$ begin create extension if not exists citext; end $$", "extension citext in test_1")]
    [InlineData($"{Table}; alter default privileges grant select on tables to public", "default privileges of ")]
    [InlineData($"{Table}; do $$ begin execute 'insert into t select count(*) from pg_tables where tablename = ''t'' and schemaname like ''test%'' having count(*) > 1'; end $$", "only another \"rows of t: 1\"")]
    [InlineData($"{Table}; do $$ begin if not exists (select from pg_indexes where indexname = 'i') then create index i on t (n); end if; end $$", "only one has \"index i: ")]
    [InlineData($"{Table}; do $$ begin if (select count(*) from pg_class where relname = 't') = 1 then comment on table t is 'first'; end if; end $$", "only one has \"comment on table t: first\"")]
    public async Task Where_schemas_are_not_proved_to_hold_a_database_is_leased_and_the_reason_told(string migration, string reason)
    {
        using var project = new ProjectDirectory().Migration("1.sql", migration);
        var session = RunningSession.Start(project.Configure(server.Address, ("Reuse", "Fenced")));
        await using (var lease = await session.LeaseAsync())
        {
            Assert.Equal("public", lease.Name);
            Assert.Equal("0", await Psql.RunAsync(lease.ConnectionString, $"select count(*) from {lease.Name}.t where false"));
        }

        var report = await session.EndAsync();

        var isolation = Assert.Single(report.Isolation);
        Assert.Equal(("default", "Auto", "Database"), (isolation.Template, isolation.Asked, isolation.Chosen));
        Assert.Contains(reason, isolation.Refusal, StringComparison.Ordinal);
        Assert.Contains(report.Log, entry => entry.Message == $"IsolatedSchema leases databases for template \"default\". {isolation.Refusal}");
        Assert.Equal(0, report.Counts.Left);
    }

    [Theory]
    [InlineData("create function f() returns int language sql set search_path = pg_catalog, pg_temp as 'select 1'")]
    [InlineData("create function f() returns int language sql set search_path = '' as 'select 1'")]
    [InlineData("create function f() returns bigint language plpgsql set search_path from current as 'begin return (select count(*) from t); end'")]
    [InlineData("create extension if not exists citext; create function f() returns text language plpgsql as 'begin return ''x''::public.citext; end'")]
    [InlineData("create table public_notes (n int); create function f() returns bigint language plpgsql as 'begin return (select count(*) from public_notes); end'")]
    public async Task What_stays_in_its_schema_is_leased_as_a_schema(string migration)
    {
        using var project = new ProjectDirectory().Migration("1.sql", $"{Table}; {migration}");
        var session = RunningSession.Start(project.Configure(server.Address));
        await using (var lease = await session.LeaseAsync())
            Assert.StartsWith("test_", lease.Name, StringComparison.Ordinal);

        var report = await session.EndAsync();

        Assert.Equal("Schema", report.Isolation.Single().Chosen);
        Assert.Null(report.Isolation.Single().Refusal);
    }

    [Fact]
    public async Task A_schema_that_was_asked_for_and_is_not_proved_to_hold_is_refused_with_what_is_in_the_way()
    {
        using var project = new ProjectDirectory().Migration("1.sql", "create table if not exists public.x (n int); create sequence if not exists public.s");
        await using var session = RunningSession.Start(project.Configure(server.Address, ("Isolation", "Schema")));

        var refusal = await Assert.ThrowsAsync<SchemaIsolationException>(() => session.LeaseAsync());
        await using var database = await session.LeaseAsync(LeaseKind.Database);

        Assert.Equal("SI1208", refusal.Code);
        Assert.Equal(
            "The migrations leave objects outside the schema they are run into, where all tests would share them: relation public.s, relation public.x. Set Isolation to Auto or Database, or lease these tests with IsolatedDatabase: then the migrations are run once, where they stand.",
            refusal.Reason);
        Assert.Equal("0", await Psql.RunAsync(database.ConnectionString, "select count(*) from public.x"));
    }

    [Fact]
    public async Task A_database_that_is_asked_for_needs_no_proof()
    {
        using var project = new ProjectDirectory().Migration("1.sql", Table);
        var session = RunningSession.Start(project.Configure(server.Address, ("Isolation", "Database")));
        await using (await session.LeaseAsync())
        {
        }

        var report = await session.EndAsync();

        Assert.Equal("database", Assert.Single(report.Templates).Kind);
        Assert.Null(report.Isolation.Single().Refusal);
    }

    [Fact]
    public async Task The_next_session_knows_that_schemas_do_not_hold()
    {
        using var project = new ProjectDirectory().Migration("1.sql", "create table public.t (n int)");
        var options = project.Configure(server.Address);
        var first = await LeaseOnceAsync(options);
        const string Notes = """{"schemaRefusal":{"code":"SI1208","reason":"It was noted."}}""";
        await Psql.RunAsync(server.Address, "postgres", $"comment on database {Assert.Single(first.Templates).Name} is '{Notes}'");

        var second = await LeaseOnceAsync(options);

        Assert.Equal("Database", second.Isolation.Single().Chosen);
        Assert.Equal("SI1208: It was noted.", second.Isolation.Single().Refusal);
    }

    [Theory]
    [InlineData("Auto", "Never", "Database")] // Several copies in one database, where a client that maps the type finds several.
    [InlineData("Schema", "Never", "Schema")]
    [InlineData("Auto", "Fenced", "Schema")]
    [InlineData("Auto", "Warm", "Schema")]
    public async Task Types_are_no_reason_for_databases_where_each_is_in_one_of_its_own(string isolation, string reuse, string chosen)
    {
        using var project = new ProjectDirectory().Migration("1.sql", Mood);

        var report = await LeaseOnceAsync(project.Configure(server.Address, ("Isolation", isolation), ("Reuse", reuse)));

        Assert.Equal(chosen, report.Isolation.Single().Chosen);
    }

    [Fact]
    public async Task A_database_leased_as_a_schema_is_named_by_where_its_tables_are()
    {
        using var project = new ProjectDirectory().Migration(
            "1.sql",
            """
            create schema "od d";
            do $$ begin execute format('alter database %I set search_path to "od d", public', current_database()); end $$;
            create table "od d".t (n int);
            """);
        await using var session = RunningSession.Start(project.Configure(server.Address));

        await using var lease = await session.LeaseAsync();

        Assert.Equal("od d", lease.Name);
        Assert.Contains("Search Path=", lease.ConnectionString, StringComparison.Ordinal);
        Assert.Equal("0", await Psql.RunAsync(lease.ConnectionString, "select count(*) from t"));
    }

    private static async Task<SessionReport> LeaseOnceAsync(Options options)
    {
        var session = RunningSession.Start(options);
        await (await session.LeaseAsync()).DisposeAsync();
        return await session.EndAsync();
    }
}
