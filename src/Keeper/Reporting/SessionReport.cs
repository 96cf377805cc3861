using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace SchemaIsolation.Keeper.Reporting;

/// <summary>What happened in a session: the content of schema-isolation.json.</summary>
internal sealed record SessionReport
{
    public const string FileName = "schema-isolation.json";

    /// <summary>Raised when a reader of the former shape would misread the new one.</summary>
    public int Format { get; } = 1;

    public required string Session { get; init; }

    public required string Project { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    public required DateTimeOffset EndedAt { get; init; }

    /// <summary>From the end of the tests until everything was dropped and counted.</summary>
    public required double SweepMilliseconds { get; init; }

    /// <summary>Null when no server could be had.</summary>
    public required ReportedServer? Server { get; init; }

    /// <summary>What leases of schemas got, by template, in the order in which they were first needed.</summary>
    public required IReadOnlyList<ReportedIsolation> Isolation { get; init; }

    /// <summary>Null for a project that injects nothing.</summary>
    public required ReportedInjection? Injected { get; init; }

    public required IReadOnlyList<ReportedTemplate> Templates { get; init; }

    public required ReportedCounts Counts { get; init; }

    public required IReadOnlyList<ReportedLease> Leases { get; init; }

    /// <summary>What tests left, in the order of their leases.</summary>
    public required IReadOnlyList<ReportedLeak> Leaks { get; init; }

    /// <summary>Slots that were not used again, in the order of the leases after which.</summary>
    public required IReadOnlyList<ReportedRetirement> Retired { get; init; }

    /// <summary>What became of slots after their leases while the session ran, in the order in which that was done.</summary>
    public required IReadOnlyList<ReportedReset> Resets { get; init; }

    /// <summary>What is kept of failed tests, in the order of the leases; not left over, and none of <see cref="Counts"/>' dropped.</summary>
    public required IReadOnlyList<ReportedKept> Kept { get; init; }

    /// <summary>Of databases in which suites make their own schemas, in the order in which they were swept.</summary>
    public required IReadOnlyList<ReportedSweep> Sweeps { get; init; }

    public required IReadOnlyList<LogEntry> Log { get; init; }

    /// <summary>Runs of the same project before this one, the oldest first, as far as they are kept.</summary>
    public IReadOnlyList<ReportedRun> EarlierRuns { get; init; } = [];

    /// <summary>The last part of the project's path.</summary>
    [JsonIgnore]
    public string ProjectName => Path.GetFileName(Path.TrimEndingDirectorySeparator(Project));

    /// <summary>Whether nothing is left over, and nothing of ours turned the run red.</summary>
    [JsonIgnore]
    public bool IsClean => Counts.Left == 0 && Log.All(entry => entry.Level != LogLevel.Error);

    public Task WriteAsync(string path) => File.WriteAllTextAsync(path, JsonSerializer.Serialize(this, ReportJson.Create().SessionReport));
}

internal sealed record ReportedServer(string Address, string Version, bool IsEmbedded, bool IsDurable);

/// <param name="Template">The template.</param>
/// <param name="Asked">The option.</param>
/// <param name="Chosen">What migrated leases of schemas got.</param>
/// <param name="Refusal">Why schemas could not be had; null when they could, or were not asked for.</param>
internal sealed record ReportedIsolation(string Template, string Asked, string Chosen, string? Refusal);

/// <param name="Database">Null when it could not be made, and the variables led nowhere.</param>
/// <param name="Variables">Those that said where it is; never what they said, which may hold a password.</param>
internal sealed record ReportedInjection(string? Database, IReadOnlyList<string> Variables);

/// <param name="Name">Of its database.</param>
/// <param name="Template">What leases call it.</param>
/// <param name="Kind">Schema or database.</param>
/// <param name="IsReused">Whether it was there already.</param>
/// <param name="Milliseconds">What it took to find or build it.</param>
/// <param name="Migrations">The files that were run to build it, in their order; empty when it was there already.</param>
internal sealed record ReportedTemplate(string Name, string Template, string Kind, bool IsReused, double Milliseconds, IReadOnlyList<ReportedMigration> Migrations);

/// <param name="Name">Of the file.</param>
/// <param name="Runs">How often it was run: once for each copy of the schema.</param>
/// <param name="Milliseconds">What all of these took together.</param>
internal sealed record ReportedMigration(string Name, int Runs, double Milliseconds);

/// <param name="Leases">Leases granted.</param>
/// <param name="Made">Slots made, used or not.</param>
/// <param name="Dropped">Slots that are gone.</param>
/// <param name="Left">Databases of the session that the server still lists.</param>
internal sealed record ReportedCounts(int Leases, int Made, int Dropped, int Left);

/// <param name="Number">In the order of leasing, from 1.</param>
/// <param name="Test">The test that held it.</param>
/// <param name="Kind">Schema or database.</param>
/// <param name="Content">What it held at first.</param>
/// <param name="Slot">The database, or the database and schema.</param>
/// <param name="LeasedAt">When it was granted.</param>
/// <param name="WaitedMilliseconds">From the request until the grant.</param>
/// <param name="HeldMilliseconds">From the grant until the release; null when it was never ended.</param>
/// <param name="IsReleased">False when it ended with the test process or the session instead.</param>
/// <param name="DirtiedBy">The test whose code ended the transaction it was to be rolled back in; null when none did.</param>
/// <param name="Outcome">Of the test that it is called after, as VSTest names it; null where it is not known.</param>
internal sealed record ReportedLease(
    int Number,
    string Test,
    string Kind,
    string Content,
    string Slot,
    DateTimeOffset LeasedAt,
    double WaitedMilliseconds,
    double? HeldMilliseconds,
    bool IsReleased,
    string? DirtiedBy,
    string? Outcome = null)
{
    public const string FailedOutcome = "Failed";
}

/// <param name="Database">Where the schemas were.</param>
/// <param name="When">"start" or "end" of the session.</param>
/// <param name="Dropped">How many of the schemas that match are gone.</param>
/// <param name="Kept">Those that are not.</param>
/// <param name="Milliseconds">How long it took.</param>
internal sealed record ReportedSweep(string Database, string When, int Dropped, IReadOnlyList<ReportedSchema> Kept, double Milliseconds);

/// <param name="Slot">The slot.</param>
/// <param name="Lease">The lease after which it was retired.</param>
/// <param name="Test">Who held that.</param>
/// <param name="Reason">What was changed and could not be undone.</param>
internal sealed record ReportedRetirement(string Slot, int Lease, string Test, string Reason);

/// <param name="Slot">The slot, by its name in the lease.</param>
/// <param name="Lease">The lease after which it came back.</param>
/// <param name="StartedAt">When the work on it began; it may have had to wait for its turn.</param>
/// <param name="Milliseconds">How long it took.</param>
/// <param name="Outcome">What became of it.</param>
/// <param name="Next">Its name in its next lease; null when it is gone.</param>
internal sealed record ReportedReset(string Slot, int Lease, DateTimeOffset StartedAt, double Milliseconds, ResetOutcome Outcome, string? Next);

/// <param name="Database">Where it is.</param>
/// <param name="Lease">Whose slot it was.</param>
/// <param name="Tests">The failed tests that used it, as their framework calls them.</param>
/// <param name="Until">From then on every session, and <c>sweep</c>, drops it.</param>
internal sealed record ReportedKept(string Database, int Lease, IReadOnlyList<string> Tests, DateTimeOffset Until);

internal sealed record ReportedSchema(string Name, string Reason);

[JsonSourceGenerationOptions(UseStringEnumConverter = true)]
[JsonSerializable(typeof(SessionReport))]
internal sealed partial class ReportJson : JsonSerializerContext
{
    /// <summary>For a file that people read and that no page embeds: a plus sign stays one.</summary>
    public static ReportJson Create() => new(new JsonSerializerOptions
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}
