using System.Text.Json;
using System.Text.Json.Serialization;

namespace SchemaIsolation.Keeper.Templates;

/// <summary>What is to be known about a template before it is used: JSON, in the comment of its database.</summary>
/// <param name="SchemaRefusal">Why the same source makes no schema template; null when that was not tried.</param>
/// <param name="Comment">What stood there before, by the migrations' own words; empty for nothing.</param>
internal sealed record TemplateNotes(NotedRefusal? SchemaRefusal, string Comment = "")
{
    /// <returns>What the migrations say of the database, whether there are notes of ours or not.</returns>
    public static string CommentIn(string? comment) => Parse(comment) is { SchemaRefusal: not null } notes ? notes.Comment : comment ?? string.Empty;

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
