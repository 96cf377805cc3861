using SchemaIsolation.Keeper.Postgres;

namespace SchemaIsolation.Keeper.Sweeping;

/// <summary>A database that is kept because a test failed that used it.</summary>
/// <param name="Name">Of the database.</param>
/// <param name="Notes">Null when its comment says nothing of it any more: then nobody knows for how long, and it is due.</param>
internal sealed record KeptDatabase(DatabaseName Name, KeptNotes? Notes)
{
    /// <summary>All on the server, whichever project they are of.</summary>
    public static async Task<IReadOnlyList<KeptDatabase>> ListAsync(PostgresServer server, CancellationToken cancellationToken)
        => [.. (await server.ListAsync(Sql.ListKept, cancellationToken))
            .Select(row => (Name: DatabaseName.TryParse(row[0]!), Comment: row[1]!))
            .Where(row => row.Name is { Kind: DatabaseKind.Kept })
            .Select(row => new KeptDatabase(row.Name!.Value, KeptNotes.TryRead(row.Comment)))];

    /// <summary>Whether a test that used it, or the database, is called so or has that in its name.</summary>
    public bool IsOf(string name)
        => Name.ToString() == name || (Notes?.Tests.Any(test => test.Contains(name, StringComparison.OrdinalIgnoreCase)) ?? false);

    /// <summary>Whether a project of this machine has kept it.</summary>
    public bool IsOfProject(string? directory) => directory is not null && Notes is { } notes && (notes.Project, notes.Machine) == (directory, Environment.MachineName);

    public override string ToString()
        => Notes is null ? $"{Name}, of which nothing is known" : $"{Name} of {MessageText.List([.. Notes.Tests])} in {Notes.Project}, until {Notes.Until:u}";

    public bool IsDue(DateTimeOffset now) => Notes is null || Notes.Until <= now;
}
