using System.Globalization;
using SchemaIsolation.Keeper.Postgres;
using SchemaIsolation.Keeper.Templates;

namespace SchemaIsolation.Keeper.Inspection;

/// <summary>What is on a server, for people. Nothing is changed, and nobody is kept waiting.</summary>
internal static class ServerInventory
{
    public static async Task<IReadOnlyList<LiveSession>> ListSessionsAsync(PostgresServer server, CancellationToken cancellationToken)
    {
        var work = (await server.ListAsync(InspectSql.ListWork, cancellationToken))
            .Select(row => new SlotWork(row[0]!, row[1]!, int.Parse(row[2]!, CultureInfo.InvariantCulture)))
            .ToLookup(work => DatabaseName.TryParse(work.Database)?.Owner, StringComparer.Ordinal);
        return [.. (await server.ListAsync(InspectSql.ListSessions, cancellationToken, AdvisoryLock.SessionClass)).Select(row =>
        {
            var id = new SessionId(uint.Parse(row[0]!, CultureInfo.InvariantCulture));
            return new LiveSession(id, SessionHolder.TryParse(row[1]!), Time(row[2]), row[3] == "true", [.. work[id.Text].Where(work => !IsKeeper(work.Application))]);
        })];
    }

    public static async Task<IReadOnlyList<FoundTemplate>> ListTemplatesAsync(PostgresServer server, CancellationToken cancellationToken)
    {
        var since = (await ListDatabasesAsync(server, cancellationToken)).ToDictionary(database => database.Name, database => database.Since, StringComparer.Ordinal);
        return [.. from row in await server.ListAsync(InspectSql.ListTemplates, cancellationToken)
                   let name = DatabaseName.TryParse(row[0]!)
                   where name is { Kind: DatabaseKind.Template }
                   select new FoundTemplate(
                       name.Value, row[3]!, row[2] is { } bytes ? long.Parse(bytes, CultureInfo.InvariantCulture) : null, since.GetValueOrDefault(row[0]!), TemplateNotes.Read(row[1]).UsedAt)];
    }

    public static async Task<IReadOnlyList<FoundDatabase>> ListDatabasesAsync(PostgresServer server, CancellationToken cancellationToken)
        => [.. (await server.ListAsync(InspectSql.ListDatabases(server.Description.IsSuperuser), cancellationToken)).Select(row => new FoundDatabase(row[0]!, row[1]!, Time(row[2])))];

    private static bool IsKeeper(string application) => application == KeeperConnection.ApplicationName;

    private static DateTimeOffset? Time(string? text) => text is null ? null : DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
}
