using SchemaIsolation.Tests.Unit.Leases;

namespace SchemaIsolation.Tests.Unit.Abstractions;

/// <summary>The variables that a collector sets for a test process, for the time of one test of the <see cref="EnvironmentCollection"/>.</summary>
internal sealed class SessionEnvironment : IDisposable
{
    private readonly EnvironmentVariable[] variables;

    public SessionEnvironment(string? session = null, string? endpoint = null, string? token = null, string? refusal = null)
    {
        variables =
        [
            new("SCHEMAISOLATION_SESSION", session),
            new("SCHEMAISOLATION_ENDPOINT", endpoint),
            new("SCHEMAISOLATION_TOKEN", token),
            new("SCHEMAISOLATION_REFUSAL", refusal),
        ];
    }

    public static SessionEnvironment Of(FakeSession session) => new("0a1b2c3d", session.Endpoint.Path, session.Endpoint.Token);

    public void Dispose() => Array.ForEach(variables, variable => variable.Dispose());
}
