using SchemaIsolation.Keeper.Migrations;
using SchemaIsolation.Testing;

namespace SchemaIsolation.Tests.PostgreSql.Migrations;

public sealed class MigrationRunnerTests(TestServer server)
{
    [Fact]
    public async Task Files_run_in_order_and_are_timed()
    {
        await using var database = await server.CreateDatabaseAsync();
        await using var connection = await database.OpenAsync();

        var timings = await Replay.RunAsync(connection, MigrationTarget.Database, "create table t (a int)", "insert into t values (1)", "-- nothing");

        Assert.Equal(["1.sql", "2.sql", "3.sql"], timings.Select(timing => timing.Name), StringComparer.Ordinal);
        Assert.All(timings, timing => Assert.InRange(timing.Elapsed, TimeSpan.Zero, TimeSpan.FromMinutes(1)));
        Assert.Equal([1], await Replay.QueryAsync<int>(connection, "select a from public.t"));
    }

    [Fact]
    public async Task Unqualified_names_lead_to_the_target_schema_and_then_to_public()
    {
        await using var database = await server.CreateDatabaseAsync();
        await using var connection = await database.OpenAsync();
        await Replay.ExecuteAsync(connection, "create schema \"A \"\"quoted\"\" one\"", "create function public.shared() returns int language sql as 'select 7'");

        await Replay.RunAsync(connection, MigrationTarget.Schema("A \"quoted\" one", isFirstInDatabase: true), "create table t as select shared() as a");

        Assert.Equal([7], await Replay.QueryAsync<int>(connection, "select a from \"A \"\"quoted\"\" one\".t"));
    }

    [Fact]
    public async Task A_file_that_changes_its_session_does_not_disturb_the_next()
    {
        await using var database = await server.CreateDatabaseAsync();
        await using var connection = await database.OpenAsync();
        await Replay.ExecuteAsync(connection, "create schema s");

        await Replay.RunAsync(
            connection,
            MigrationTarget.Schema("s", isFirstInDatabase: true),
            "select pg_catalog.set_config('search_path', '', false); set datestyle to 'German'; set role pg_monitor",
            "create table t as select current_user::text || ' ' || current_setting('datestyle') || ' ' || current_setting('search_path') as a; set session authorization pg_monitor",
            "create table u as select session_user::text as a");

        Assert.Equal(["postgres ISO, MDY s, public"], await Replay.QueryAsync<string>(connection, "select a from s.t"), StringComparer.Ordinal);
        Assert.Equal(["postgres"], await Replay.QueryAsync<string>(connection, "select a from s.u"), StringComparer.Ordinal);
    }

    [Fact]
    public async Task A_file_finds_the_settings_that_the_one_before_gave_the_database()
    {
        await using var database = await server.CreateDatabaseAsync();
        await using var connection = await Replay.OpenAsync(database, includeErrorDetail: true);

        await Replay.RunAsync(
            connection,
            MigrationTarget.Database,
            $"create schema shop; alter database {connection.Database} set search_path to shop, public; alter database {connection.Database} set \"app.tenant\" to 'x=y'; alter database {connection.Database} set client_encoding to 'LATIN1'; alter role current_user in database {connection.Database} set work_mem to '7MB'; alter database {connection.Database} set work_mem to '8MB'",
            "create table crates (n int)");

        Assert.Equal(
            ["shop|x=y|7MB|UTF8"],
            await Replay.QueryAsync<string>(
                connection,
                "select concat_ws('|', (select relnamespace::regnamespace::text from pg_class where relname = 'crates'), current_setting('app.tenant'), current_setting('work_mem'), current_setting('client_encoding'))"));
    }

    [Fact]
    public async Task A_database_has_the_search_path_of_the_server()
    {
        await using var database = await server.CreateDatabaseAsync();
        await using var connection = await database.OpenAsync();

        await Replay.RunAsync(connection, MigrationTarget.Database, "set search_path to pg_catalog", "create table t as select current_setting('search_path') as a");

        Assert.Equal(["\"$user\", public"], await Replay.QueryAsync<string>(connection, "select a from public.t"), StringComparer.Ordinal);
    }

    [Fact]
    public async Task Routines_arrive_with_the_bodies_they_were_written_with()
    {
        await using var database = await server.CreateDatabaseAsync();
        await using var connection = await database.OpenAsync();

        await Replay.RunAsync(
            connection,
            MigrationTarget.Database,
            """
            create table t (a int);
            create function dollar() returns text language plpgsql as $body$
            begin
                -- a comment; with 'a quote
                insert into t values (1);
                return $$;'$$ || E'\';';
            end;
            $body$;
            create function atomic(x int) returns text begin atomic
                insert into t values (2);
                select case when x = 1 then 'one' else case when x = 2 then 'two' end end;
            end;
            create function label() returns int begin atomic
                insert into t values (5);
                select 6 as end;
            end;
            create procedure twice() language sql begin atomic
                insert into t values (3);
                insert into t values (4);
            end;
            create rule r as on delete to t do also (select 1; select 2);
            do $$ begin call twice(); end $$;
            """);

        Assert.Equal([";'';"], await Replay.QueryAsync<string>(connection, "select dollar()"), StringComparer.Ordinal);
        Assert.Equal(["two"], await Replay.QueryAsync<string>(connection, "select atomic(2)"), StringComparer.Ordinal);
        Assert.Equal([6], await Replay.QueryAsync<int>(connection, "select label()"));
        Assert.Equal([1, 2, 3, 4, 5], await Replay.QueryAsync<int>(connection, "select a from t order by a"));
    }

    [Fact]
    public async Task Operators_and_colons_are_sent_as_they_are_written()
    {
        await using var database = await server.CreateDatabaseAsync();
        await using var connection = await database.OpenAsync();

        await Replay.RunAsync(
            connection,
            MigrationTarget.Database,
            """
            create function public.abs2(x int) returns int language sql as 'select abs(x)';
            create operator @ (rightarg = int, function = abs2);
            create table t (a int);
            insert into t
                select 1 where '{"a": 1}'::jsonb ? 'a' and '{"a": 1}'::jsonb ?| array['a'] and '{"a": 1}'::jsonb @> '{}'
                union all select @x from (values (-2)) v (x)
                union all select cardinality((array[5, 6, 7])[x:y]) from (values (1, 3)) v (x, y);
            comment on table t is ':name @x ? $1 "quoted"';
            """);

        Assert.Equal([1, 2, 3], await Replay.QueryAsync<int>(connection, "select a from t order by a"));
        Assert.Equal([":name @x ? $1 \"quoted\""], await Replay.QueryAsync<string>(connection, "select obj_description('t'::regclass)"), StringComparer.Ordinal);
    }

    [Fact]
    public async Task Queries_may_return_types_that_the_file_has_just_made()
    {
        await using var database = await server.CreateDatabaseAsync();
        await using var connection = await database.OpenAsync();

        await Replay.RunAsync(connection, MigrationTarget.Database, "create type e as enum ('x'); create table t (a e); insert into t values ('x') returning a; select t, a from t");

        Assert.Equal(["x"], await Replay.QueryAsync<string>(connection, "select a::text from t"), StringComparer.Ordinal);
    }

    [Fact]
    public async Task A_dump_of_the_server_s_own_tool_runs()
    {
        await using var database = await server.CreateDatabaseAsync();
        await using var connection = await database.OpenAsync();

        await Replay.RunAsync(
            connection,
            MigrationTarget.Database,
            """
            --
            -- PostgreSQL database dump
            --

            \restrict aBc

            SET statement_timeout = 0;
            SET client_encoding = 'UTF8';
            SET standard_conforming_strings = on;
            SELECT pg_catalog.set_config('search_path', '', false);
            SET default_table_access_method = heap;

            CREATE TABLE public.t (
                id integer NOT NULL,
                note text
            );

            COPY public.t (id, note) FROM stdin;
            1	it's; here
            2	\N
            \.

            ALTER TABLE ONLY public.t
                ADD CONSTRAINT t_pkey PRIMARY KEY (id);

            \unrestrict aBc
            """,
            "insert into t values (3, 'three')");

        Assert.Equal(["1 it's; here", "2 null", "3 three"], await Replay.QueryAsync<string>(connection, "select id || ' ' || coalesce(note, 'null') from t order by id"), StringComparer.Ordinal);
    }
}
