using System.Text.Json;
using System.Text.Json.Serialization;

namespace SchemaIsolation.Keeper.Sweeping;

/// <summary>What is to be known about a database that a failed test has used: JSON, in its comment.</summary>
internal sealed record KeptNotes
{
    /// <summary>The failed tests that used it, as their framework calls them; more than one where they shared a lease.</summary>
    public IReadOnlyList<string> Tests { get; init; } = [];

    /// <summary>Of the tests.</summary>
    public string Project { get; init; } = string.Empty;

    /// <summary>Where they ran: on another one a project of the same path is another's.</summary>
    public string Machine { get; init; } = string.Empty;

    public DateTimeOffset KeptAt { get; init; }

    /// <summary>From then on every session, and <c>sweep</c>, drops it.</summary>
    public DateTimeOffset Until { get; init; }

    /// <summary>Where unqualified names led in the test; null for the server's default.</summary>
    public string? SearchPath { get; init; }

    /// <summary>Rows, and what the test had changed: Markdown, as in the attachment.</summary>
    public string Found { get; init; } = string.Empty;

    /// <returns>Null for a comment that is none of ours: anybody may write another.</returns>
    public static KeptNotes? TryRead(string comment)
    {
        try
        {
            return JsonSerializer.Deserialize(comment, KeptJson.Default.KeptNotes) is { Tests: not null, Project: not null, Machine: not null, Found: not null } notes ? notes : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    public override string ToString() => JsonSerializer.Serialize(this, KeptJson.Default.KeptNotes);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(KeptNotes))]
internal sealed partial class KeptJson : JsonSerializerContext;
