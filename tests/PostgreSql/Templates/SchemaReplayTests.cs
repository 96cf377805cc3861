using SchemaIsolation.Keeper.Templates;
using SchemaIsolation.Testing;
using Xunit;

namespace SchemaIsolation.Tests.PostgreSql.Templates;

public sealed class SchemaReplayTests(TestServer server)
{
    [Fact]
    public async Task A_table_made_in_public_fails_in_the_second_copy()
    {
        var exception = await BuildAsync("create table public.t (n int)");

        Assert.Equal("SI1207", exception.Code);
        Assert.Contains("into schema \"test_2\"", exception.Reason, StringComparison.Ordinal);
        Assert.Contains("\"1.sql\" failed at line 1, column 1 in \"create table public.t (n int)\"", exception.Reason, StringComparison.Ordinal);
        Assert.Contains("42P07 (duplicate_table)", exception.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_schema_of_their_own_fails_in_the_second_copy()
    {
        var exception = await BuildAsync("create schema utils");

        Assert.Equal("SI1207", exception.Code);
        Assert.Contains("42P06 (duplicate_schema)", exception.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("create table if not exists public.x (n int)", "relation public.x")]
    [InlineData("create schema if not exists utils", "schema utils")]
    [InlineData("create or replace function public.f() returns int language sql as 'select 1'", "function public.f")]
    [InlineData("drop type if exists public.mood; create type public.mood as enum ('ok')", "type public.mood")]
    [InlineData("create or replace view public.v as select 1 as n", "relation public.v")]
    [InlineData("create sequence if not exists public.s", "relation public.s")]
    public async Task What_lies_outside_the_copies_is_refused(string migration, string named)
    {
        var exception = await BuildAsync(migration);

        Assert.Equal("SI1208", exception.Code);
        Assert.Equal(
            $"The migrations leave objects outside the schema they are run into, where all tests would share them: {named}.",
            exception.Reason);
    }

    [Fact]
    public async Task What_lies_outside_a_single_copy_is_refused()
    {
        using var project = new ProjectDirectory().Migration("1.sql", "create table if not exists public.t (n int)");
        var options = project.Configure(server.Address, ("TemplateCopies", "1"));

        var exception = await Assert.ThrowsAsync<SchemaIsolationException>(() => TemplateStores.EnsureApartAsync(server, options, TemplateKind.Schema));

        Assert.Equal("SI1208", exception.Code);
        Assert.Contains("relation public.t", exception.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_extension_that_the_first_copy_keeps_to_itself_is_refused()
    {
        var exception = await BuildAsync("do $$ begin create extension if not exists citext; end $$");

        Assert.Equal("SI1208", exception.Code);
        Assert.Contains("where all tests would share them: extension citext in test_1.", exception.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_type_that_only_the_first_copy_makes_is_refused()
    {
        var exception = await BuildAsync(
            "do $$ begin if not exists (select from pg_type where typname = 'mood') then create type mood as enum ('ok'); end if; end $$");

        Assert.Equal("SI1208", exception.Code);
        Assert.Equal(
            "Run into several schemas, the migrations do not make them alike; only one has \"type mood: e f {ok}\", and only another nothing more.",
            exception.Reason);
    }

    [Fact]
    public async Task A_type_that_only_the_first_copy_makes_fails_the_table_that_needs_it()
    {
        var exception = await BuildAsync(
            "do $$ begin if not exists (select from pg_type where typname = 'mood') then create type mood as enum ('ok'); end if; end $$; create table t (m mood)");

        Assert.Equal("SI1207", exception.Code);
        Assert.Contains("into schema \"test_2\"", exception.Reason, StringComparison.Ordinal);
        Assert.Contains("type \"mood\" does not exist", exception.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_column_that_only_the_first_copy_gets_is_refused()
    {
        var exception = await BuildAsync(
            "create table t (n int); do $$ begin if not exists (select from information_schema.columns where table_name = 't' and column_name = 'm') then alter table t add m int; end if; end $$");

        Assert.Equal("SI1208", exception.Code);
        Assert.Contains("only one has \"column t.m: ", exception.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("update %I.t set n = n + 1")]
    [InlineData("delete from %I.t; insert into %1$I.t values (5)")]
    public async Task Rows_of_the_first_copy_that_the_second_changes_are_refused(string work)
    {
        var exception = await BuildAsync(
            $"create table t (n int); insert into t values (5); do $$ declare s text; begin for s in select table_schema from information_schema.tables where table_name = 't' loop execute format('{work}', s); end loop; end $$");

        Assert.Equal("SI1208", exception.Code);
        Assert.Equal("Run into several schemas, the migrations write rows into tables of another one: t.", exception.Reason);
    }

    [Theory]
    [InlineData("create table t (n int); create view v as select n from test_1.t", "test_2.v uses test_1.t")]
    [InlineData("create table t (n int primary key); create table u (n int references test_1.t)", "test_2.u_n_fkey uses test_1.t")]
    [InlineData("create type mood as enum ('ok'); create table t (m test_1.mood)", "test_2.t uses test_1.mood")]
    [InlineData("create function f() returns int language sql as 'select 1'; create table t (n int default test_1.f())", "test_2.t uses test_1.f")]
    [InlineData("create sequence s; create table t (n int default nextval('test_1.s'))", "test_2.t uses test_1.s")]
    [InlineData("create table t (n int); create function f() returns bigint language sql begin atomic select count(*) from test_1.t; end", "test_2.f uses test_1.t")]
    [InlineData("create table t (n int); create function f() returns trigger language plpgsql as 'begin return new; end'; create trigger g before insert on t for each row execute function test_1.f()", "test_2.t uses test_1.f")]
    public async Task A_copy_that_holds_on_to_another_is_refused(string migration, string named)
    {
        var exception = await BuildAsync(migration);

        Assert.Equal("SI1208", exception.Code);
        Assert.StartsWith("Run into several schemas, the migrations tie them together: ", exception.Reason, StringComparison.Ordinal);
        Assert.Contains(named, exception.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_same_migrations_make_a_database_template()
    {
        using var project = new ProjectDirectory().Migration("1.sql", "create schema utils; create table if not exists public.t (n int); do $$ begin create extension if not exists citext; end $$");

        var template = await TemplateStores.EnsureApartAsync(server, project.Configure(server.Address), TemplateKind.Database);

        Assert.False(template.IsReused);
    }

    private async Task<SchemaIsolationException> BuildAsync(string migration)
    {
        using var project = new ProjectDirectory().Migration("1.sql", migration);
        var options = project.Configure(server.Address);
        return await Assert.ThrowsAsync<SchemaIsolationException>(() => TemplateStores.EnsureApartAsync(server, options, TemplateKind.Schema));
    }
}
