using System.Text.Json;
using System.Text.Json.Serialization;
using SchemaIsolation.Keeper.Sweeping;

namespace SchemaIsolation.Keeper.TestDatabases;

/// <summary>What is to be known about a test database: JSON, in its comment, as no table of ours is in anybody's database.</summary>
internal sealed record TestDatabaseNotes
{
    /// <summary>Says to us and to everybody that it is one for tests.</summary>
    public string Mark { get; init; } = SweepConsent.Mark;

    /// <summary>In the order in which they were run.</summary>
    public IReadOnlyList<AppliedFile> Migrations { get; init; } = [];

    public IReadOnlyList<AppliedFile> Seeds { get; init; } = [];

    public DateTimeOffset? MigratedAt { get; init; }

    /// <summary>What stood there before, by the migrations' own words or somebody's; empty for nothing.</summary>
    public string Comment { get; init; } = string.Empty;

    /// <returns>Null when the comment is none of ours.</returns>
    public static TestDatabaseNotes? TryRead(string comment)
    {
        try
        {
            return comment.Length > 0 && JsonSerializer.Deserialize(comment, TestDatabaseNotesJson.Default.TestDatabaseNotes) is { Mark: SweepConsent.Mark } notes
                // The deserializer knows nothing of initializers.
                ? notes with { Migrations = notes.Migrations ?? [], Seeds = notes.Seeds ?? [], Comment = notes.Comment ?? string.Empty }
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    public override string ToString() => JsonSerializer.Serialize(this, TestDatabaseNotesJson.Default.TestDatabaseNotes);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(TestDatabaseNotes))]
internal sealed partial class TestDatabaseNotesJson : JsonSerializerContext;
