namespace SchemaIsolation.Tests.PostgreSql.Resets;

/// <summary>What tests do to the tables of <see cref="RichSchema"/>, drawn from a seed. Values never depend on the clock.</summary>
internal sealed class RandomWork(Random random, bool hasCycle, bool hasLarge)
{
    private static readonly string[] SomeTables =
        ["parents", "children", "friends", "items", "events", "events_2025", "animals", "dogs", "booked", "scratch", "settings", "documents", "audit", "nothing", "\"Odd \"\"name\""];

    private static readonly string[] SomeSequences = ["parents_id_seq", "children_id_seq", "items_id_seq", "audit_id_seq", "odd_numbers"];

    /// <summary>A test: 1 to 12 pieces of work, each of them on one of two connections.</summary>
    /// <param name="definesChance">How likely it is that it also changes definitions.</param>
    public IReadOnlyList<(int Connection, string[] Statements)> Session(double definesChance)
    {
        var defines = random.NextDouble() < definesChance;
        return [.. Enumerable.Range(0, random.Next(1, 13)).Select(_ => (random.Next(4) / 3, Piece(defines)))];
    }

    /// <summary>Work that two databases can be compared by.</summary>
    public IReadOnlyList<string> Rows() => [.. Enumerable.Range(0, random.Next(8, 20)).Select(_ => Change())];

    private string[] Piece(bool defines)
    {
        var statements = Enumerable.Range(0, random.Next(1, 5)).Select(_ => Statement(defines)).ToArray();
        return random.Next(10) switch
        {
            < 4 => [statements[0]],
            < 7 => ["begin", .. statements, "commit"],
            < 9 => ["begin", .. statements, "rollback"],
            _ => ["begin", statements[0], "savepoint s", .. statements[1..], Pick("rollback to s", "release s"), Pick("commit", "rollback", "select 1")],
        };
    }

    private string Statement(bool defines)
        => random.Next(20) switch
        {
            0 when defines => Definition(),
            1 when defines => TransientDefinition(),
            2 => TransientDefinition(),
            3 => Maintenance(),
            4 => Sequence(),
            _ => Change(),
        };

    private string Change()
        => (hasLarge && random.Next(200) == 0 ? random.Next(31, 34) : random.Next(hasCycle ? 31 : 28)) switch
        {
            0 => $"insert into parents (name) select 'n{Number}-' || n from generate_series(1, {Count}) n",
            1 => $"insert into parents (name) values ('{Pick("a", "b", "new")}') on conflict (name) do {Pick("nothing", "update set mood = 'happy'", "update set name = excluded.name")}",
            2 => $"update parents set {Pick("name = name", "mood = 'sad'", "name = name || 'x'", "mood = mood")} where {Filter("id")}",
            3 => $"delete from parents where {Filter("id")}",
            4 => $"insert into children (parent_id, note) select {random.Next(1, 6)}, repeat('c', n) from generate_series(1, {Count}) n",
            5 => $"update children set note = {Pick("note", "'longer' || coalesce(note, '')", "null")}",
            6 => $"delete from children where {Filter("id")}",
            7 => $"insert into friends (parent_id) values ({Pick("1", "2", "null", "99")})",
            8 => $"insert into items (price, tags, amount) select n, array['x' || n], n from generate_series(1, {Count}) n",
            9 => $"update items set price = price {Pick("+ 1", "- 1", "")} where {Filter("id")}",
            10 => $"update items set {Pick("price = -1", "amount = -1", "amount = 7", "doc = doc", "tags = tags || 'more'::text")} where {Filter("id")}",
            11 => $"delete from items where {Filter("id")}",
            12 => $"insert into events select n + {Number}, date '2024-01-01' + n * {random.Next(1, 30)}, repeat('e', {Number}) from generate_series(1, {Count}) n on conflict do nothing",
            13 => $"update events set at = at + {random.Next(0, 400)} where {Filter("id")}",
            14 => $"delete from {Pick("events", "events_2024", "only dogs", "animals", "scratch", "audit", "settings", "documents", "booked", "nothing")}",
            15 => $"truncate {Pick("parents cascade", "children", "items restart identity", "events", "events_2024", "animals", "only animals", "scratch", "settings, documents", "parents, children, friends restart identity")}",
            16 => $"insert into dogs select n, 'dog', 'wow' from generate_series({Number}, {Number + 50}) n",
            17 => $"insert into animals values ({random.Next(1, 6)}, 'pet') on conflict do nothing",
            18 => $"insert into booked values (1, '[{Number},{Number + 100})')",
            19 => $"insert into scratch select n, repeat('s', {Number}) from generate_series(1, {Count}) n",
            20 => $"update settings set value = {Pick("value", "repeat('w', 100)", "'short'")} where key = 'k{random.Next(1, 61)}'",
            21 => $"insert into settings values ('k{random.Next(50, 80)}', 'v') on conflict (key) do update set value = {Pick("settings.value", "excluded.value")}",
            22 => $"update documents set body = {Pick("body", "repeat('q', 20000)", "body || ''")} where id = {random.Next(1, 3)}",
            23 => $"insert into documents select n, repeat(md5(n::text), {Number}) from generate_series({Number}, {Number + random.Next(20)}) n",
            24 => $"insert into nothing select from generate_series(1, {Count})",
            25 => $"update \"Odd \"\"name\" set \"select\" = 'x' where \"a b\" = {random.Next(1, 3)}",
            26 => $"update named_children set note = 'by view' where {Filter("id")}",
            27 => "do $$begin insert into scratch values (1); insert into parents (name) values ('a'); exception when unique_violation then null; end$$",
            28 => $"update links set next_id = {Pick("1", "2", "null", "next_id")} where {Filter("id")}",
            29 => $"with h as (insert into hens values ({Number}, 1) returning id) insert into eggs select id, 1 from h",
            30 => $"delete from {Pick("links", "hens", "eggs")} where id = {random.Next(1, 4)}",
            31 => $"insert into big select n, 'b' from generate_series(10000, 10000 + {Count}) n",
            32 => $"delete from big where id {Pick("= 77", "> 7990", "< 100")}",
            _ => $"{Pick("select 1 from big where id = 5 for update", "update big set v = v where id = 8")}",
        };

    private string Sequence()
        => random.Next(4) switch
        {
            0 => $"select nextval('{Pick(SomeSequences)}') from generate_series(1, {random.Next(1, 40)})",
            1 => $"select setval('{Pick(SomeSequences)}', {Number}, {Pick("true", "false")})",
            2 => $"alter sequence {Pick(SomeSequences)} restart with {Number}",
            _ => $"select * from {Pick("parents", "items", "settings", "documents")} for {Pick("update", "share", "key share")}",
        };

    private string Maintenance()
        => random.Next(12) switch
        {
            0 => $"analyze {Pick(SomeTables)}",
            1 => "vacuum",
            2 => $"reindex table {Pick(SomeTables)}",
            3 => $"vacuum full {Pick(SomeTables)}",
            4 => $"vacuum (freeze) {Pick(SomeTables)}",
            5 => "cluster parents using parents_name_key",
            6 => $"lock table {Pick(SomeTables)} in exclusive mode",
            7 => "refresh materialized view totals",
            8 => "create temp table kept_apart (n int)",
            9 => "select count(*) from items where tags @> '{all}'",
            10 => "set local role none",
            _ => $"vacuum {Pick(SomeTables)}",
        };

    // Each undoes itself; most leave other object ids behind.
    private string TransientDefinition()
        => random.Next(12) switch
        {
            0 => "do $$begin create table passing (id serial primary key); insert into passing default values; drop table passing; end$$",
            1 => "do $$begin alter table children disable trigger user; alter table children enable trigger user; end$$",
            2 => "do $$begin alter table parents rename column name to title; alter table parents rename column title to name; end$$",
            3 => "do $$begin create index passing on items (amount); drop index passing; end$$",
            4 => "do $$begin alter table items alter column amount set not null; alter table items alter column amount drop not null; end$$",
            5 => "do $$begin create schema passing; drop schema passing; end$$",
            6 => "do $$begin alter table settings set (fillfactor = 50); alter table settings set (fillfactor = 70); end$$",
            7 => "do $$begin alter table events detach partition events_2024; alter table events attach partition events_2024 for values from ('2024-01-01') to ('2025-01-01'); end$$",
            8 => "do $$begin alter table dogs no inherit animals; alter table dogs inherit animals; end$$",
            9 => "do $$begin create table passing () inherits (animals); drop table passing; end$$",
            10 => "do $$begin comment on table items is 'x'; comment on table items is null; end$$",
            _ => "do $$begin alter table scratch add column passing int; alter table scratch drop column passing; end$$",
        };

    private string Definition()
        => random.Next(26) switch
        {
            0 => $"create table made_{Number} (n int)",
            1 => "create function made() returns int language sql as 'select 1'",
            2 => "create or replace function note_change() returns trigger language plpgsql as 'begin return null; end'",
            3 => "drop index if exists items_tags_idx",
            4 => "alter table items alter column price set default 2",
            5 => "alter table parents disable trigger parents_change",
            6 => "create schema made",
            7 => "alter table settings set (fillfactor = 80)",
            8 => "alter table parents rename column mood to feeling",
            9 => "alter table children add column extra int default 3",
            10 => "alter table children drop column size",
            11 => "alter table scratch set logged",
            12 => "alter type mood add value 'angry'",
            13 => "alter domain amount add check (value < 1000)",
            14 => "alter table items alter column price type numeric(12, 4)",
            15 => "create statistics made on id, price from items",
            16 => "grant select on items to public",
            17 => "comment on column items.price is 'x'",
            18 => "alter table parents enable row level security",
            19 => "create table events_2026 partition of events for values from ('2030-01-01') to ('2031-01-01')",
            20 => "alter table documents alter column body set storage main",
            21 => "alter table items alter column price set statistics 10",
            22 => "alter sequence odd_numbers cache 1",
            23 => "create view made as select 1",
            24 => "drop trigger parents_change on parents",
            _ => "select lo_create(0)",
        };

    private string Filter(string column)
        => random.Next(4) switch
        {
            0 => "true",
            1 => $"{column} = {random.Next(1, 6)}",
            2 => $"{column} % {random.Next(2, 5)} = 0",
            _ => $"{column} > {random.Next(1, 100)}",
        };

    private int Number => random.Next(1, 1000);

    private int Count => random.Next(6) switch { 0 => 1, 1 => random.Next(100, 500), 2 => random.Next(500, 2500), _ => random.Next(1, 60) };

    private string Pick(params string[] choices) => choices[random.Next(choices.Length)];
}
