namespace SchemaIsolation.Keeper.Commands.Answers;

/// <param name="Server">Where tests run.</param>
/// <param name="Sessions">That are alive, the longest first.</param>
/// <param name="Templates">On the server, of all projects.</param>
/// <param name="Leftovers">Of dead sessions.</param>
/// <param name="Kept">Of failed tests, until their time is over; none of the leftovers.</param>
/// <param name="TestDatabase">Null where the project names none.</param>
internal sealed record StatusAnswer(
    ServerAnswer Server, IReadOnlyList<SessionAnswer> Sessions, IReadOnlyList<FoundTemplateAnswer> Templates, IReadOnlyList<LeftoverAnswer> Leftovers, IReadOnlyList<KeptAnswer> Kept, TestDatabaseAnswer? TestDatabase);

/// <param name="Address">Without a password.</param>
/// <param name="Version">PostgreSQL's.</param>
/// <param name="Reason">Why it is this one.</param>
/// <param name="IsEmbedded">Whether it is a private one of this user.</param>
/// <param name="IsDurable">Whether it waits for the disk (fsync).</param>
/// <param name="Role">Which one works there.</param>
/// <param name="IsSuperuser">Whether that is a superuser.</param>
/// <param name="CanCreateDatabases">Whether it may create databases.</param>
internal sealed record ServerAnswer(string Address, string Version, string Reason, bool IsEmbedded, bool IsDurable, string Role, bool IsSuperuser, bool CanCreateDatabases);

/// <param name="Session">Its id.</param>
/// <param name="Host">The machine of its keeper; null when the server does not say.</param>
/// <param name="Process">The keeper's process id there.</param>
/// <param name="Project">The test project.</param>
/// <param name="Since">Since when it is connected.</param>
/// <param name="Connected">Who is connected to its slots now.</param>
internal sealed record SessionAnswer(string Session, string? Host, int? Process, string? Project, DateTimeOffset? Since, IReadOnlyList<ConnectedAnswer> Connected);

/// <param name="Slot">The slot's database.</param>
/// <param name="Application">The lease and its test, unless the connections say otherwise.</param>
/// <param name="Connections">How many.</param>
internal sealed record ConnectedAnswer(string Slot, string Application, int Connections);

/// <param name="Database">Its name; what follows si_t_ is its fingerprint.</param>
/// <param name="Names">What the project's leases call it; empty for one of another project, or of former migrations.</param>
/// <param name="Kind">"schema" or "database"; null where there are no names.</param>
/// <param name="Owner">The role that built it.</param>
/// <param name="Bytes">Null where the role may not ask.</param>
/// <param name="Since">When it was built; null where the role may not know.</param>
/// <param name="UsedAt">When it was used last, to the hour; null when that is not known.</param>
internal sealed record FoundTemplateAnswer(string Database, IReadOnlyList<string> Names, string? Kind, string Owner, long? Bytes, DateTimeOffset? Since, DateTimeOffset? UsedAt);

/// <param name="Name">What it is.</param>
/// <param name="Owner">The role that made it; null where that is not known.</param>
/// <param name="Since">Since when it is there; null where the role may not know.</param>
/// <param name="State">"dropped", "would be dropped", or "kept" while somebody is connected to it.</param>
internal sealed record LeftoverAnswer(string Name, string? Owner, DateTimeOffset? Since, string State);

/// <param name="Database">The test database.</param>
/// <param name="Exists">Whether it is there.</param>
/// <param name="MigratedAt">When migrations were run there last.</param>
/// <param name="Pending">Migrations that it has not seen.</param>
/// <param name="Strays">What it was migrated with and the project does not have so, in words.</param>
/// <param name="Tables">Its tables, and how many rows each has.</param>
internal sealed record TestDatabaseAnswer(
    string Database, bool Exists, DateTimeOffset? MigratedAt, IReadOnlyList<string> Pending, IReadOnlyList<string> Strays, IReadOnlyList<TableAnswer> Tables);

internal sealed record TableAnswer(string Table, long Rows);
