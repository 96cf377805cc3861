using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace SchemaIsolation.Keeper.Commands.Answers;

/// <summary>What commands answer with <c>--json</c>.</summary>
[JsonSerializable(typeof(RefusalAnswer))]
[JsonSerializable(typeof(SetupAnswer))]
[JsonSerializable(typeof(DatabaseAnswer))]
[JsonSerializable(typeof(CleanAnswer))]
[JsonSerializable(typeof(DropAnswer))]
[JsonSerializable(typeof(ResetAnswer))]
[JsonSerializable(typeof(StatusAnswer))]
[JsonSerializable(typeof(VerifyAnswer))]
[JsonSerializable(typeof(SweepAnswer))]
[JsonSerializable(typeof(TemplatesAnswer))]
[JsonSerializable(typeof(InspectAnswer))]
[JsonSerializable(typeof(EmbeddedServersAnswer))]
[JsonSerializable(typeof(DoctorAnswer))]
[JsonSerializable(typeof(BenchAnswer))]
internal sealed partial class AnswerJson : JsonSerializerContext
{
    /// <summary>For programs and people, and not for a page: a plus sign stays one.</summary>
    public static AnswerJson Readable { get; } = new(new JsonSerializerOptions
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}
