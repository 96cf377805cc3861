using SchemaIsolation.Keeper.Configuration;
using SchemaIsolation.Keeper.Postgres;
using SchemaIsolation.Keeper.Templates;
using SchemaIsolation.Testing;
using SchemaIsolation.Tests.PostgreSql.Sweeping;
using Xunit;

namespace SchemaIsolation.Tests.PostgreSql.Templates;

/// <summary>When a template was last used, as it is noted on it.</summary>
/// <remarks>On a server of its own: by the clock of other tests' sessions these uses were long ago.</remarks>
public sealed class TemplateUseTests(SweptServer server) : IClassFixture<SweptServer>
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly ManualTimeProvider time = new();

    [Fact]
    public async Task A_template_is_used_when_it_is_built()
    {
        using var project = new ProjectDirectory().Migration("1.sql", "create table t (n int)");

        var name = await UseAsync(project.Configure(server.Address));

        Assert.Equal(Start, await UsedAtAsync(name));
    }

    [Fact]
    public async Task A_use_is_noted_once_an_hour()
    {
        using var project = new ProjectDirectory().Migration("1.sql", "create table t (n int)");
        var options = project.Configure(server.Address);
        var name = await UseAsync(options);
        time.Advance(TimeSpan.FromMinutes(59));
        await UseAsync(options);
        var soon = await UsedAtAsync(name);
        time.Advance(TimeSpan.FromMinutes(1));

        await UseAsync(options);

        Assert.Equal(Start, soon);
        Assert.Equal(Start + TimeSpan.FromHours(1), await UsedAtAsync(name));
    }

    [Fact]
    public async Task A_use_is_noted_more_often_where_templates_are_kept_for_less()
    {
        using var project = new ProjectDirectory().Migration("1.sql", "create table t (n int)");
        var options = project.Configure(server.Address, ("TemplateTtl", "00:10:00"));
        var name = await UseAsync(options);
        time.Advance(TimeSpan.FromMinutes(1));

        await UseAsync(options);

        Assert.Equal(Start + TimeSpan.FromMinutes(1), await UsedAtAsync(name));
    }

    [Fact]
    public async Task A_template_is_used_when_another_is_built_from_it()
    {
        using var project = new ProjectDirectory().Migration("1.sql", "create table t (n int)").File("layer/1.sql", "create table u (n int)");
        var options = project.Configure(server.Address, ("Template:Name", "layer"), ("Template:From", "default"), ("Template:Migrations", "layer"));
        var parent = await UseAsync(options);
        time.Advance(TimeSpan.FromDays(3));

        await UseAsync(options, "layer");

        Assert.Equal(Start + TimeSpan.FromDays(3), await UsedAtAsync(parent));
    }

    [Fact]
    public async Task Sessions_that_begin_to_use_a_template_at_once_do_not_fail_each_other()
    {
        using var project = new ProjectDirectory().Migration("1.sql", "create table t (n int)");
        var options = project.Configure(server.Address);
        var name = await UseAsync(options);
        time.Advance(TimeSpan.FromDays(1));

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => UseAsync(options)));

        Assert.Equal(Start + TimeSpan.FromDays(1), await UsedAtAsync(name));
    }

    [Fact]
    public async Task What_migrations_say_of_the_database_stays_theirs()
    {
        using var project = new ProjectDirectory().Migration("1.sql", "do $$ begin execute format('comment on database %I is %L', current_database(), 'The shop''s'); end $$");
        var options = project.Configure(server.Address);
        var name = await UseAsync(options);
        time.Advance(TimeSpan.FromDays(1));
        await UseAsync(options);
        await using var session = await OwnSession.StartAsync(server.Postgres);
        await using var template = await TemplateStores.Of(server.Postgres, options, time: time).EnsureAsync(TemplateKind.Database, CancellationToken.None);
        var copy = session.Databases.NextForSlot();
        await session.Databases.CreateAsync(copy, template.Name, CancellationToken.None);

        await template.Settings.ApplyAsync(server.Postgres, copy, CancellationToken.None);

        Assert.Equal("The shop's", await server.Postgres.CommentOfAsync(copy.ToString(), CancellationToken.None));
        Assert.Equal("The shop's", TemplateNotes.Read(await server.Postgres.CommentOfAsync(name.ToString(), CancellationToken.None)).Comment);
    }

    private async Task<DatabaseName> UseAsync(Options options, string template = TemplateOptions.DefaultName)
    {
        await using var postgres = await PostgresServer.ConnectAsync(server.Address, "postgres", CancellationToken.None);
        await using var used = await TemplateStores.Of(postgres, options, template, time).EnsureAsync(TemplateKind.Database, CancellationToken.None);
        return used.Name;
    }

    private async Task<DateTimeOffset?> UsedAtAsync(DatabaseName name)
        => TemplateNotes.Read(await server.Postgres.CommentOfAsync(name.ToString(), CancellationToken.None)).UsedAt;
}
