using System.Text.Json.Serialization;

namespace SchemaIsolation.Wire;

// Generated rather than reflected: the first lease of a cold test process would pay for the reflection.
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true)]
[JsonSerializable(typeof(LeaseRequest))]
[JsonSerializable(typeof(LeaseReply))]
[JsonSerializable(typeof(LeaseRelease))]
[JsonSerializable(typeof(BuildResult))]
internal sealed partial class WireJson : JsonSerializerContext;
