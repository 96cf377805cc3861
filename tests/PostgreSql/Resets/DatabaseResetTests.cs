using SchemaIsolation.Testing;

namespace SchemaIsolation.Tests.PostgreSql.Resets;

public sealed class DatabaseResetTests(TestServer server)
{
    private const string Parents = "create table parents (id bigint generated always as identity primary key, name text not null unique)";
    private const string Children = "create table children (id bigint generated always as identity primary key, parent_id bigint not null references parents (id), note text)";
    private const string Seeds = "insert into parents (name) values ('a'), ('b'), ('c')";
    private const string Rows = "select ctid::text, * from parents";

    [Theory]
    [InlineData("select count(*) from parents")]
    [InlineData("insert into parents (name) values ('d')")]
    [InlineData("insert into children (parent_id) select id from parents")]
    [InlineData("begin; insert into parents (name) select 'x' || n from generate_series(1, 100) n; rollback")]
    [InlineData("begin; insert into children (parent_id) select 1 from generate_series(1, 1000); rollback")]
    [InlineData("update parents set name = name")]
    [InlineData("update parents set name = 'z' where name = 'a'; update parents set name = 'a' where name = 'z'")]
    [InlineData("delete from parents where name = 'b'")]
    [InlineData("truncate parents cascade")]
    [InlineData("truncate parents restart identity cascade")]
    [InlineData("begin; truncate children; rollback")]
    [InlineData("select nextval('children_id_seq')")]
    [InlineData("select setval('parents_id_seq', 1000, false)")]
    [InlineData("alter sequence parents_id_seq restart with 3; alter sequence parents_id_seq restart with 4")]
    [InlineData("select * from parents for update")]
    [InlineData("insert into parents (name) values ('a') on conflict (name) do update set name = excluded.name")]
    [InlineData("begin; savepoint s; insert into children (parent_id) values (1); rollback to s; commit")]
    [InlineData("vacuum parents, children")]
    [InlineData("vacuum full")]
    [InlineData("reindex table parents")]
    [InlineData("cluster parents using parents_pkey; alter table parents set without cluster")]
    [InlineData("insert into children (parent_id, note) select 1, repeat('x', 5000) from generate_series(1, 100)")]
    [InlineData("create temp table scratch (n int)")]
    [InlineData("create table t (n int); drop table t")]
    public async Task What_is_undone_cannot_be_told_from_a_clone_nobody_used(string work)
    {
        await using var used = await ResetCase.CreateAsync(server, Parents, Children, Seeds);
        await used.UseAsync(work.Split("; "));

        var reason = await used.ResetAsync();

        Assert.Null(reason);
        var (rows, unusedRows) = await used.AskBothAsync(Rows, "select ctid::text, * from children", "select * from parents_id_seq", "select * from children_id_seq");
        Assert.Equal(unusedRows, rows);
        var (later, unusedLater) = await used.AskBothAsync(
            "insert into parents (name) select 'n' || n from generate_series(1, 300) n", "insert into children (parent_id) select id from parents", Rows, "select ctid::text, * from children");
        Assert.Equal(unusedLater, later);
    }

    [Theory]
    [InlineData("create table t (n int)", "table public.t")]
    [InlineData("create schema s", "schema s")]
    [InlineData("create function f() returns int language sql as 'select 1'", "function public.f()")]
    [InlineData("drop index children_note_idx", "pg_")]
    [InlineData("alter table children add column n int", "table public.children")]
    [InlineData("alter table children alter column note set default 'x'", "default value for column note of table public.children")]
    [InlineData("alter table children rename column note to notes", "pg_attribute")]
    [InlineData("alter table children disable trigger all", "trigger RI_ConstraintTrigger")]
    [InlineData("alter table children set (fillfactor = 50)", "table public.children")]
    [InlineData("comment on table children is 'x'", "pg_description")]
    [InlineData("comment on schema public is 'x'", "pg_description")]
    [InlineData("grant select on children to public", "table public.children")]
    [InlineData("alter table children enable row level security", "table public.children")]
    [InlineData("create policy p on children using (true)", "policy p on table public.children")]
    [InlineData("create extension citext", "extension citext")]
    [InlineData("create publication p", "publication p")]
    [InlineData("create type mood as enum ('sad')", "type public.mood")]
    [InlineData("alter sequence parents_id_seq increment by 2", "pg_sequence")]
    [InlineData("select lo_create(0)", "pg_largeobject_metadata")]
    [InlineData("insert into parents (name) values ('zz'); analyze parents", "pg_statistic")]
    [InlineData("create statistics s on id, note from children", "statistics object public.s")]
    [InlineData("alter default privileges grant select on tables to public", "default privileges on new relations")]
    [InlineData("alter table children replica identity full", "table public.children")]
    [InlineData("create rule r as on delete to children do instead nothing", "rule r on table public.children")]
    [InlineData("do 'begin execute format(''alter database %I set work_mem = 1000'', current_database());end'", "pg_database")]
    [InlineData("do 'begin execute format(''alter database %I connection limit 50'', current_database());end'", "pg_database")]
    public async Task What_a_test_defined_is_named_and_not_undone(string work, string named)
    {
        await using var used = await ResetCase.CreateAsync(server, Parents, Children, "create index children_note_idx on children (note)", Seeds);
        await used.UseAsync(work.Split("; "));

        var reason = await used.ResetAsync();

        Assert.StartsWith("it changed ", reason, StringComparison.Ordinal);
        Assert.Contains(named, reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("create rule r as on delete to t do also select 1")]
    [InlineData("create function f() returns int language sql as 'select 1'")]
    [InlineData("create function f() returns trigger language plpgsql as 'begin return null;end'; create trigger r after delete on t execute function f()")]
    [InlineData("alter table t rename to u; create view t as select * from u")]
    public async Task Nothing_is_undone_where_that_could_run_or_reach_what_the_test_made(string definition)
    {
        await using var used = await ResetCase.CreateAsync(server, "create table t (n int)");
        await used.UseAsync([.. definition.Split("; "), "insert into t values (1)"]);

        var reason = await used.ResetAsync();

        Assert.StartsWith("it changed ", reason, StringComparison.Ordinal);
        Assert.Equal("1", await used.UseAsync("select count(*) from t"));
    }
}
