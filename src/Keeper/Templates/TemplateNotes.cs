using System.Text.Json;
using System.Text.Json.Serialization;
using SchemaIsolation.Keeper.Postgres;

namespace SchemaIsolation.Keeper.Templates;

/// <summary>What is to be known about a template before it is used: JSON, in the comment of its database.</summary>
/// <remarks>Written under the lock for building the template, as two comments at once fail each other.</remarks>
internal sealed record TemplateNotes
{
    /// <summary>Why the same source makes no schema template; null when that was not tried.</summary>
    public NotedRefusal? SchemaRefusal { get; init; }

    /// <summary>How it is copied fastest; null when that was not measured.</summary>
    // Text: of a strategy that only a later version of ours knows, the rest is to be read all the same.
    [JsonPropertyName("strategy")]
    public string? StrategyName { get; init; }

    /// <summary>When a session began to use it; not each, see <see cref="TemplateSource.UseNotedEvery"/>. Null when no session of ours has said so.</summary>
    public DateTimeOffset? UsedAt { get; init; }

    /// <summary>What stood there before, by the migrations' own words; empty for nothing.</summary>
    public string Comment { get; init; } = string.Empty;

    [JsonIgnore]
    public CloneStrategy? Strategy => Enum.TryParse<CloneStrategy>(StrategyName, out var strategy) ? strategy : null;

    private bool AreOurs => SchemaRefusal is not null || StrategyName is not null || UsedAt is not null;

    /// <returns>What is noted, or the comment alone when it is none of ours: anybody may write another.</returns>
    public static TemplateNotes Read(string? comment)
    {
        try
        {
            if (!string.IsNullOrEmpty(comment) && JsonSerializer.Deserialize(comment, NotesJson.Default.TemplateNotes) is { AreOurs: true } notes)
                return notes with { Comment = notes.Comment ?? string.Empty }; // The deserializer knows nothing of initializers.
        }
        catch (JsonException)
        {
            // The migrations', or somebody's.
        }

        return new TemplateNotes { Comment = comment ?? string.Empty };
    }

    /// <summary>Whether a use now is to be noted: the last one was some time ago, or is in a future that a wrong clock has seen.</summary>
    public bool AreStale(DateTimeOffset now, TimeSpan interval) => UsedAt is not { } used || (now - used).Duration() >= interval;

    public override string ToString() => JsonSerializer.Serialize(this, NotesJson.Default.TemplateNotes);
}

internal sealed record NotedRefusal(string Code, string Reason)
{
    public static NotedRefusal From(SchemaIsolationException exception) => new(exception.Code, MessageText.Cut(exception.Reason));

    public SchemaIsolationException ToException() => new(Code, Reason);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(TemplateNotes))]
internal sealed partial class NotesJson : JsonSerializerContext;
