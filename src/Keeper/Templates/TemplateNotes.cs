using System.Text.Json;
using System.Text.Json.Serialization;

namespace SchemaIsolation.Keeper.Templates;

/// <summary>What is to be known about a template before it is used: JSON, in the comment of its database.</summary>
/// <param name="SchemaRefusal">Why the same source makes no schema template; null when that was not tried.</param>
internal sealed record TemplateNotes(NotedRefusal? SchemaRefusal)
{
    /// <returns>Null when there are none: anybody may write another comment.</returns>
    public static TemplateNotes? Parse(string? comment)
    {
        try
        {
            return string.IsNullOrEmpty(comment) ? null : JsonSerializer.Deserialize(comment, NotesJson.Default.TemplateNotes);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    public override string ToString() => JsonSerializer.Serialize(this, NotesJson.Default.TemplateNotes);
}

internal sealed record NotedRefusal(string Code, string Reason)
{
    public static NotedRefusal From(SchemaIsolationException exception) => new(exception.Code, MessageText.Cut(exception.Reason));

    public SchemaIsolationException ToException() => new(Code, Reason);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(TemplateNotes))]
internal sealed partial class NotesJson : JsonSerializerContext;
