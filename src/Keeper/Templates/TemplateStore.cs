using Npgsql;
using SchemaIsolation.Keeper.Migrations;
using SchemaIsolation.Keeper.Postgres;

namespace SchemaIsolation.Keeper.Templates;

/// <summary>Finds or builds the templates of one source on one server.</summary>
/// <param name="server">The server.</param>
/// <param name="source">What they are made from.</param>
/// <param name="onOutput">Told what a migrator writes.</param>
/// <param name="time">Says when a template is used.</param>
/// <remarks>
/// A template is published by its last statement. One that is there unpublished was left half-built by a session that died:
/// whoever holds the lock for building drops it and begins again.
/// </remarks>
internal sealed class TemplateStore(PostgresServer server, TemplateSource source, Action<string> onOutput, TimeProvider time)
{
    private static readonly TimeSpan LeastProbeTimeLimit = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan DropTimeLimit = TimeSpan.FromSeconds(10);

    public TemplateSource Source => source;

    /// <param name="kind">What it holds.</param>
    /// <param name="cancellationToken">Ends the building.</param>
    /// <param name="buildAsync">The code that makes it, told where; null where the test project has none, or cannot be asked.</param>
    /// <exception cref="SchemaIsolationException">SI1206 to SI1216: the template cannot be built.</exception>
    public async Task<Template> EnsureAsync(TemplateKind kind, CancellationToken cancellationToken, Func<string, CancellationToken, Task>? buildAsync = null)
    {
        var start = TimeProvider.System.GetTimestamp();
        var name = NameOf(kind);
        var use = await AdvisoryLock.ShareTemplateAsync(server, name.Owner, cancellationToken);
        try
        {
            var migrations = await server.IsPublishedAsync(name, cancellationToken) is true ? null : await BuildAsync(name, kind, buildAsync, cancellationToken);
            var notes = await ReadNotesAsync(name, cancellationToken);
            await NoteUseAsync(name, notes, cancellationToken);
            return new Template(name, kind, use)
            {
                Settings = await DatabaseSettings.ReadAsync(server, name, notes.Comment, cancellationToken),
                Strategy = notes.Strategy,
                Migrations = migrations,
                Elapsed = TimeProvider.System.GetElapsedTime(start),
            };
        }
        catch
        {
            await use.DisposeAsync();
            throw;
        }
    }

    /// <returns>Whether the template is there to be reused.</returns>
    public async Task<bool> HasAsync(TemplateKind kind, CancellationToken cancellationToken)
        => await server.IsPublishedAsync(NameOf(kind), cancellationToken) is true;

    /// <summary>Drops the templates of this source that nobody uses.</summary>
    /// <returns>Those that are gone, and those that are in use.</returns>
    public async Task<(IReadOnlyList<DatabaseName> Dropped, IReadOnlyList<DatabaseName> Used)> DropAsync(CancellationToken cancellationToken)
    {
        var dropped = new List<DatabaseName>();
        var used = new List<DatabaseName>();
        foreach (var name in Enum.GetValues<TemplateKind>().Select(NameOf))
        {
            if (await server.IsPublishedAsync(name, cancellationToken) is null)
                continue;

            await using var alone = await AdvisoryLock.TryTakeTemplateAsync(server, name.Owner, cancellationToken);
            if (alone is not null)
                await server.DropDatabaseAsync(name, cancellationToken);
            (alone is null ? used : dropped).Add(name);
        }

        return (dropped, used);
    }

    /// <summary>Why an earlier session could not make a schema template of the same source; null when none has failed, or that is forgotten.</summary>
    /// <remarks>Kept on the database template: a replay that fails takes as long as one that succeeds.</remarks>
    public async Task<SchemaIsolationException?> RecallRefusalAsync(CancellationToken cancellationToken)
        => (await ReadNotesAsync(NameOf(TemplateKind.Database), cancellationToken)).SchemaRefusal?.ToException();

    public async Task RememberRefusalAsync(SchemaIsolationException refusal, CancellationToken cancellationToken)
    {
        var name = NameOf(TemplateKind.Database);
        await using var building = await AdvisoryLock.BuildTemplateAsync(server, name.Owner, cancellationToken);
        await WriteAsync(name, await ReadNotesAsync(name, cancellationToken) with { SchemaRefusal = NotedRefusal.From(refusal) }, cancellationToken);
    }

    private async Task NoteUseAsync(DatabaseName name, TemplateNotes notes, CancellationToken cancellationToken)
    {
        if (!IsUseToBeNoted(notes))
            return;

        await using var building = await AdvisoryLock.BuildTemplateAsync(server, name.Owner, cancellationToken);
        var current = await ReadNotesAsync(name, cancellationToken);
        if (IsUseToBeNoted(current))
            await WriteAsync(name, current with { UsedAt = time.GetUtcNow() }, cancellationToken);
    }

    private bool IsUseToBeNoted(TemplateNotes notes) => notes.AreStale(time.GetUtcNow(), source.UseNotedEvery);

    private async Task<TemplateNotes> ReadNotesAsync(DatabaseName name, CancellationToken cancellationToken)
        => TemplateNotes.Read(await server.CommentOfAsync(name.ToString(), cancellationToken));

    private Task WriteAsync(DatabaseName name, TemplateNotes notes, CancellationToken cancellationToken)
        => server.ExecuteAsync(Sql.CommentOnDatabase(name.ToString(), notes.ToString()), cancellationToken);

    private DatabaseName NameOf(TemplateKind kind) => source.NameOn(server.Description, kind);

    /// <returns>How long each file took; null when another session had built it by the time we could.</returns>
    private async Task<IReadOnlyList<MigrationTiming>?> BuildAsync(DatabaseName name, TemplateKind kind, Func<string, CancellationToken, Task>? buildAsync, CancellationToken cancellationToken)
    {
        await using var building = await AdvisoryLock.BuildTemplateAsync(server, name.Owner, cancellationToken);
        var published = await server.IsPublishedAsync(name, cancellationToken);
        if (published is true)
            return null;
        if (published is false)
            await server.DropDatabaseAsync(name, cancellationToken);

        var start = TimeProvider.System.GetTimestamp();
        try
        {
            var ofParents = await CreateAsync(name, kind, cancellationToken);
            var own = await new TemplateBuild(server, name, source, buildAsync, onOutput).RunAsync(kind, cancellationToken);
            var strategy = await CloneProbe.RunAsync(server, name, ProbeTimeLimit(TimeProvider.System.GetElapsedTime(start)), cancellationToken);
            await WriteAsync(name, await ReadNotesAsync(name, cancellationToken) with { StrategyName = strategy?.ToString(), UsedAt = time.GetUtcNow() }, cancellationToken);
            await server.ExecuteAsync(Sql.Publish(name.ToString()), cancellationToken);
            return [.. ofParents, .. own];
        }
        catch
        {
            await DropUnfinishedAsync(name);
            throw;
        }
    }

    // In proportion to what the template took anyhow: on a busy machine both take longer, and so they do of a large one.
    private static TimeSpan ProbeTimeLimit(TimeSpan building) => building / 2 > LeastProbeTimeLimit ? building / 2 : LeastProbeTimeLimit;

    /// <returns>How long the files of its parents took, as far as they were built for it.</returns>
    private async Task<IReadOnlyList<MigrationTiming>> CreateAsync(DatabaseName name, TemplateKind kind, CancellationToken cancellationToken)
    {
        if (source.Parent is null)
        {
            await server.CreateDatabaseAsync(name, template: null, cancellationToken);
            return [];
        }

        await using var parent = await new TemplateStore(server, source.Parent, onOutput, time).EnsureAsync(kind, cancellationToken);
        await server.CreateDatabaseAsync(name, parent.Name, cancellationToken, parent.Strategy);
        await parent.Settings.ApplyAsync(server, name, cancellationToken);
        return parent.Migrations ?? [];
    }

    private async Task DropUnfinishedAsync(DatabaseName name)
    {
        // A token of its own: what was cancelled or failed must not stay.
        using var timeLimit = new CancellationTokenSource(DropTimeLimit);
        try
        {
            await server.DropDatabaseAsync(name, timeLimit.Token);
        }
        catch (Exception exception) when (exception is NpgsqlException or OperationCanceledException)
        {
            // What made the building fail is on its way to the user, and the next to build or sweep drops what is unpublished.
        }
    }
}
