using SchemaIsolation.Keeper;
using SchemaIsolation.Keeper.Postgres;
using SchemaIsolation.Keeper.Templates;
using SchemaIsolation.Testing;
using Xunit;

namespace SchemaIsolation.Tests.PostgreSql.Templates;

/// <summary>What belongs to a database, and is no part of what a copy of it gets.</summary>
public sealed class TemplateSettingsTests(TestServer server)
{
    private const string Describe = "select datconnlimit, shobj_description(oid, 'pg_database') from pg_database where datname = current_database()";
    private const string DescribeInMigrations =
        """
        do $$ begin
            execute format('comment on database %I is %L', current_database(), 'The shop''s');
            execute format('alter database %I connection limit 7', current_database());
        end $$
        """;

    [Fact]
    public async Task A_copy_has_the_comment_and_the_limit_of_connections_that_the_migrations_gave()
    {
        using var project = new ProjectDirectory().Migration("1.sql", DescribeInMigrations);
        await using var session = await OwnSession.StartAsync(server);
        await using var template = await TemplateStores.Of(server.Postgres, project.Configure(server.Address)).EnsureAsync(TemplateKind.Database, CancellationToken.None);

        var copy = await CopyAsync(session, template);

        Assert.Equal("7|The shop's", await Psql.RunAsync(server.Address, copy, Describe));
    }

    [Fact]
    public async Task Our_notes_on_a_template_are_not_taken_for_its_comment()
    {
        using var project = new ProjectDirectory().Migration("1.sql", DescribeInMigrations);
        await using var session = await OwnSession.StartAsync(server);
        var store = TemplateStores.Of(server.Postgres, project.Configure(server.Address));
        await using var template = await store.EnsureAsync(TemplateKind.Database, CancellationToken.None);
        await store.RememberRefusalAsync(new SchemaIsolationException("SI1208", "It is so."), CancellationToken.None);
        await store.RememberRefusalAsync(new SchemaIsolationException("SI1208", "It is still so."), CancellationToken.None);
        await using var found = await store.EnsureAsync(TemplateKind.Database, CancellationToken.None);

        var copy = await CopyAsync(session, found);

        Assert.Equal("7|The shop's", await Psql.RunAsync(server.Address, copy, Describe));
        Assert.Equal("It is still so.", (await store.RecallRefusalAsync(CancellationToken.None))!.Reason);
    }

    private async Task<DatabaseName> CopyAsync(OwnSession session, Template template)
    {
        var copy = session.Databases.NextForSlot();
        await session.Databases.CreateAsync(copy, template.Name, CancellationToken.None);
        await template.Settings.ApplyAsync(server.Postgres, copy, CancellationToken.None);
        return copy;
    }
}
