using Npgsql;
using SchemaIsolation.Keeper.Configuration;
using SchemaIsolation.Keeper.Postgres;

namespace SchemaIsolation.Keeper.Templates;

/// <summary>Drops templates that no session has used for long, or that are too many.</summary>
/// <remarks>
/// What is in use is kept, however old: its lock says so. Between looking and dropping the collection holds the template's locks, so a
/// session that comes meanwhile waits, finds nothing, and builds it again. There is no second look as there is at leftovers: a
/// session that the server has cut off looks for its templates anew.
/// </remarks>
/// <param name="server">The server.</param>
/// <param name="options">Says how long and how many are kept.</param>
/// <param name="time">The clock that uses are noted by.</param>
internal sealed class TemplateCollection(PostgresServer server, Options options, TimeProvider time)
{
    private readonly List<CollectedTemplate> dropped = [];
    private readonly List<string> failures = [];

    /// <summary>Runs once.</summary>
    /// <param name="spared">What the caller may be about to use.</param>
    /// <param name="isDryRun">Whether nothing is to be dropped or noted.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<(IReadOnlyList<CollectedTemplate> Dropped, IReadOnlyList<string> Failures)> RunAsync(
        IReadOnlyList<TemplateSource> spared, bool isDryRun, CancellationToken cancellationToken)
    {
        if (server.SharedDatabase is not null)
            return (dropped, failures);

        var templates = (await ListAsync(cancellationToken)).ToList();
        if (!isDryRun)
        {
            foreach (var (name, _) in templates.Where(template => IsUnknown(template.Notes)))
                await TryAsync(name, () => NoteFirstUseAsync(name, cancellationToken));
        }

        var own = spared.SelectMany(source => Enum.GetValues<TemplateKind>().Select(kind => source.NameOn(server.Description, kind))).ToHashSet();
        var left = templates.Count;
        foreach (var (name, notes) in templates.Where(template => !IsUnknown(template.Notes) && !own.Contains(template.Name)).OrderBy(template => template.Notes.UsedAt))
        {
            if (LimitOf(notes.UsedAt!.Value, left) is not { } limit)
                break;

            var found = new CollectedTemplate(name, notes.UsedAt.Value, limit);
            if (await TryAsync(name, () => TryDropAsync(found, isDryRun, cancellationToken)))
                left--;
        }

        return (dropped, failures);
    }

    private async Task<IEnumerable<(DatabaseName Name, TemplateNotes Notes)>> ListAsync(CancellationToken cancellationToken)
        => from row in await server.ListAsync(TemplateSql.ListTemplates, cancellationToken)
           let name = DatabaseName.TryParse(row[0]!)
           where name is { Kind: DatabaseKind.Template }
           select (name.Value, TemplateNotes.Read(row[1]));

    /// <returns>Null when it is within all.</returns>
    private string? LimitOf(DateTimeOffset usedAt, int left)
        => time.GetUtcNow() - usedAt > options.TemplateTtl ? $"TemplateTtl {options.TemplateTtl}"
            : left > options.MaxTemplates ? $"MaxTemplates {options.MaxTemplates}"
            : null;

    // Also one that was used in the future: some clock was wrong.
    private bool IsUnknown(TemplateNotes notes) => notes.UsedAt is not { } used || used > time.GetUtcNow() + TimeSpan.FromDays(1);

    // Made by an earlier version, or somebody has written another comment: its time begins now.
    private async Task<bool> NoteFirstUseAsync(DatabaseName name, CancellationToken cancellationToken)
    {
        await using var alone = await AdvisoryLock.TryTakeTemplateAsync(server, name.Owner, cancellationToken);
        if (alone is null || await ReadAsync(name, cancellationToken) is not { } notes || !IsUnknown(notes))
            return false;

        await server.ExecuteAsync(Sql.CommentOnDatabase(name.OwnName, (notes with { UsedAt = time.GetUtcNow() }).ToString()), cancellationToken);
        return true;
    }

    /// <returns>Whether it is gone.</returns>
    private async Task<bool> TryDropAsync(CollectedTemplate found, bool isDryRun, CancellationToken cancellationToken)
    {
        await using var alone = await AdvisoryLock.TryTakeTemplateAsync(server, found.Name.Owner, cancellationToken);
        if (alone is null)
            return false;

        // It may have been used or dropped between the listing and the lock.
        var notes = await ReadAsync(found.Name, cancellationToken);
        if (notes is null)
            return true;
        if (notes.UsedAt != found.UsedAt || await server.IsPublishedAsync(found.Name, cancellationToken) is not true)
            return false;
        if (!isDryRun && !await server.TryDropUnusedDatabaseAsync(found.Name, cancellationToken))
            return false;

        dropped.Add(found);
        return true;
    }

    private async Task<TemplateNotes?> ReadAsync(DatabaseName name, CancellationToken cancellationToken)
        => await server.CommentOfAsync(name.ToString(), cancellationToken) is { } comment ? TemplateNotes.Read(comment) : null;

    private async Task<bool> TryAsync(DatabaseName name, Func<Task<bool>> runAsync)
    {
        try
        {
            return await runAsync();
        }
        catch (PostgresException exception)
        {
            // One that cannot be dropped must not keep the others.
            failures.Add($"{name}: {exception.MessageText}");
            return false;
        }
    }
}
