using SchemaIsolation.Keeper.Postgres;
using SchemaIsolation.Keeper.Templates;
using SchemaIsolation.Testing;
using Xunit;

namespace SchemaIsolation.Tests.PostgreSql.Templates;

public sealed class CloneProbeTests(TestServer server)
{
    private static readonly TimeSpan Enough = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan None = TimeSpan.Zero;

    [Fact]
    public async Task One_of_the_ways_that_the_server_has_is_the_fastest()
    {
        Assert.SkipUnless(server.Postgres.Description.Features.HasStrategies, "Before PostgreSQL 15 there is one way.");
        await using var shelf = await ShelfAsync("d000000000000001");

        var fastest = await CloneProbe.RunAsync(server.Postgres, shelf.Template, Enough, CancellationToken.None);

        Assert.Contains(fastest!.Value, server.Postgres.Description.Features.CloneStrategies);
        Assert.Null(await server.Postgres.IsPublishedAsync(shelf.Copy, CancellationToken.None));
    }

    [Fact]
    public async Task A_server_that_leaves_no_choice_is_not_measured()
    {
        Assert.SkipWhen(server.Postgres.Description.Features.HasStrategies, "Since PostgreSQL 15 there is a choice.");
        await using var shelf = await ShelfAsync("d000000000000002");

        Assert.Null(await CloneProbe.RunAsync(server.Postgres, shelf.Template, Enough, CancellationToken.None));
    }

    [Fact]
    public async Task The_copy_of_a_killed_keeper_is_in_nobodys_way()
    {
        Assert.SkipUnless(server.Postgres.Description.Features.HasStrategies, "Before PostgreSQL 15 there is one way.");
        await using var shelf = await ShelfAsync("d000000000000003");
        await server.Postgres.CreateDatabaseAsync(shelf.Copy, template: null, CancellationToken.None);

        var fastest = await CloneProbe.RunAsync(server.Postgres, shelf.Template, Enough, CancellationToken.None);

        Assert.NotNull(fastest);
        Assert.Null(await server.Postgres.IsPublishedAsync(shelf.Copy, CancellationToken.None));
    }

    [Fact]
    public async Task What_cannot_be_measured_in_time_is_not_known_and_leaves_no_copy()
    {
        await using var shelf = await ShelfAsync("d000000000000004");

        var fastest = await CloneProbe.RunAsync(server.Postgres, shelf.Template, None, CancellationToken.None);

        Assert.Null(fastest);
        Assert.Null(await server.Postgres.IsPublishedAsync(shelf.Copy, CancellationToken.None));
    }

    [Fact]
    public async Task A_cancelled_probe_leaves_no_copy()
    {
        Assert.SkipUnless(server.Postgres.Description.Features.HasStrategies, "Before PostgreSQL 15 there is one way.");
        await using var shelf = await ShelfAsync("d000000000000005");
        using var giveUp = new CancellationTokenSource();
        await Psql.RunAsync(server.Address, shelf.Template, "create table large as select repeat('x', 1000) from generate_series(1, 100000)");
        var measuring = CloneProbe.RunAsync(server.Postgres, shelf.Template, Enough, giveUp.Token);
        await Eventually.TrueAsync(async () => await Psql.RunAsync(server.Address, "postgres", $"select 1 from pg_stat_activity where query like 'create database%{shelf.Copy}%' and state = 'active'") == "1");

        await giveUp.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => measuring);
        Assert.Null(await server.Postgres.IsPublishedAsync(shelf.Copy, CancellationToken.None));
    }

    [Theory]
    [InlineData("WalLog")]
    [InlineData("FileCopy")]
    [InlineData("FileClone")]
    public async Task A_copy_made_in_any_way_is_a_copy(string way)
    {
        var strategy = Enum.Parse<CloneStrategy>(way);
        Assert.SkipUnless(server.Postgres.Description.Features.CloneStrategies.Contains(strategy), "This version does not know it.");
        await using var shelf = await ShelfAsync($"d00000000000001{(int)strategy}");
        try
        {
            await server.Postgres.CreateDatabaseAsync(shelf.Copy, shelf.Template, CancellationToken.None, strategy);
        }
        catch (Npgsql.PostgresException exception) when (strategy == CloneStrategy.FileClone)
        {
            Assert.Skip($"This file system does not know it: {exception.MessageText}");
        }

        Assert.Equal("7", await Psql.RunAsync(server.Address, shelf.Copy, "select n from t"));
    }

    [Fact]
    public async Task What_was_measured_is_found_again_with_the_template()
    {
        using var project = new ProjectDirectory().Migration("1.sql", "create table t (n int)");
        var store = TemplateStores.Of(server.Postgres, project.Configure(server.Address));
        await using var built = await store.EnsureAsync(TemplateKind.Database, CancellationToken.None);
        await server.Postgres.ExecuteAsync(
            Sql.CommentOnDatabase(built.Name.ToString(), """{"strategy":"WalLog","usedAt":"2026-01-01T00:00:00+00:00"}"""), CancellationToken.None);

        await using var found = await store.EnsureAsync(TemplateKind.Database, CancellationToken.None);

        Assert.Equal(CloneStrategy.WalLog, found.Strategy);
    }

    private async Task<Shelf> ShelfAsync(string fingerprint)
    {
        var shelf = new Shelf(server.Postgres, DatabaseName.ForTemplate(fingerprint), await AdvisoryLock.BuildTemplateAsync(server.Postgres, fingerprint, CancellationToken.None));
        await server.Postgres.CreateDatabaseAsync(shelf.Template, template: null, CancellationToken.None);
        await Psql.RunAsync(server.Address, shelf.Template, "create table t as select 7 as n");
        return shelf;
    }

    // A template that is being built, and all that is made of it.
    private sealed class Shelf(PostgresServer server, DatabaseName template, AdvisoryLock building) : IAsyncDisposable
    {
        public DatabaseName Template => template;

        public DatabaseName Copy { get; } = DatabaseName.ForProbe(template.Owner);

        public async ValueTask DisposeAsync()
        {
            await server.DropDatabaseAsync(Copy, CancellationToken.None);
            await server.DropDatabaseAsync(template, CancellationToken.None);
            await building.DisposeAsync();
        }
    }
}
