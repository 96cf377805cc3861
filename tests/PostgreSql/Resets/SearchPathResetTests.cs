using SchemaIsolation.Keeper.Templates;
using SchemaIsolation.Testing;
using SchemaIsolation.Tests.PostgreSql.Templates;
using Xunit;

namespace SchemaIsolation.Tests.PostgreSql.Resets;

/// <summary>Functions that the server runs in a reset find names where a test's do, and the reset's own statements the server's.</summary>
public sealed class SearchPathResetTests(TestServer server)
{
    private const string Pages =
        """
        create function plain(t text) returns text language sql immutable as 'select lower(t)';
        create function slug(t text) returns text language sql immutable as $$ select replace(plain(t), ' ', '-') $$;
        create table pages (id int primary key, title text not null, slug text generated always as (slug(title)) stored);
        create index on pages (slug(title));
        insert into pages values (1, 'One Page'), (2, 'Another Page');
        """;

    // An index that is made while there are no rows runs nothing. Since PostgreSQL 17 only inserts find the names that its function uses: neither REINDEX nor ANALYZE.
    private const string IndexedWhileEmpty =
        """
        create function plain(t text) returns text language plpgsql immutable as 'begin return lower(t); end';
        create function slug(t text) returns text language plpgsql immutable as $$ begin return replace(plain(t), ' ', '-'); end $$;
        create table pages (id int primary key, title text not null);
        create index on pages (slug(title));
        insert into pages values (1, 'One Page'), (2, 'Another Page');
        """;

    private const string AlwaysAudited =
        """
        create table audit (what text);
        create function note() returns trigger language plpgsql as $$ begin insert into audit values (tg_op); return null; end $$;
        create table hens (id int primary key);
        create trigger noted after insert or delete on hens execute function note();
        alter table hens enable always trigger noted;
        insert into hens values (1);
        """;

    // Ahead of the server's for a test, or with arguments that fit better than the server's do.
    private const string OwnNamesAhead =
        """
        create table t (n int primary key);
        insert into t values (1), (2);
        create function fail() returns int language plpgsql as $$ begin raise 'hijacked'; end $$;
        create function count() returns bigint language sql as 'select fail()';
        create function age(xid) returns int language sql as 'select fail()';
        create function "left"(text, int) returns text language sql as 'select fail()::text';
        create function concat_ws(text, bigint, text) returns text language sql as 'select fail()::text';
        create function set_config(text, text, boolean) returns text language sql as 'select fail()::text';
        create function join_texts(bigint, text) returns text language sql as 'select fail()::text';
        create function compare_ids(oid, int) returns boolean language sql as 'select fail() = 1';
        create operator || (leftarg = bigint, rightarg = text, function = join_texts);
        create operator >= (leftarg = oid, rightarg = int, function = compare_ids);
        create operator = (leftarg = oid, rightarg = int, function = compare_ids);
        do $$ begin execute format('alter database %I set search_path to public, pg_catalog', current_database()); end $$;
        """;

    [Theory]
    [InlineData(Pages, false, "insert into pages values (3, 'Third')")]
    [InlineData(Pages, true, "insert into pages values (3, 'Third')")]
    [InlineData(Pages, false, "update pages set title = 'New'")]
    [InlineData(Pages, true, "update pages set title = 'New'")]
    [InlineData(IndexedWhileEmpty, false, "insert into pages values (3, 'Third')")]
    [InlineData(IndexedWhileEmpty, true, "insert into pages values (3, 'Third')")]
    [InlineData(IndexedWhileEmpty, false, "update pages set title = 'New'")]
    [InlineData(AlwaysAudited, false, "delete from hens")]
    [InlineData(AlwaysAudited, true, "delete from hens")]
    public async Task What_names_lead_to_in_a_test_they_lead_to_in_its_reset(string migration, bool isSchema, string work)
    {
        Assert.SkipWhen(migration == Pages && server.Postgres.Description.MajorVersion >= 17, "PostgreSQL 17 makes no index on a function that finds another by the search path.");
        await using var template = await BuildAsync(migration, isSchema ? TemplateKind.Schema : TemplateKind.Database);
        await using var used = await ResetCase.CreateAsync(server.Postgres, template);
        await used.UseAsync(work);

        var reason = await used.ResetAsync();

        Assert.Null(reason);
        Assert.Equal("", await used.CompareAsync());
    }

    [Fact]
    public async Task Functions_and_operators_of_the_suite_are_not_taken_for_the_servers()
    {
        await using var template = await BuildAsync(OwnNamesAhead, TemplateKind.Database);
        await using var used = await ResetCase.CreateAsync(server.Postgres, template);
        await used.UseAsync("delete from t");

        var reason = await used.ResetAsync();

        Assert.Null(reason);
        Assert.Equal(("(0,1)|1, (0,2)|2", "(0,1)|1, (0,2)|2"), await used.AskBothAsync("select ctid::text, n from t"));
    }

    private async Task<Template> BuildAsync(string migration, TemplateKind kind)
    {
        using var project = new ProjectDirectory().Migration("1.sql", migration);
        return await TemplateStores.Of(server.Postgres, project.Configure(server.Address, ("Reuse", "Fenced"))).EnsureAsync(kind, CancellationToken.None);
    }
}
