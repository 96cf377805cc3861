namespace SchemaIsolation.Wire;

/// <summary>The environment variables in which the collector hands a session to the test process.</summary>
internal sealed record SessionVariables(string Id, string Endpoint, string Token)
{
    public const string IdVariable = "SCHEMAISOLATION_SESSION";
    public const string EndpointVariable = "SCHEMAISOLATION_ENDPOINT";
    public const string TokenVariable = "SCHEMAISOLATION_TOKEN";

    /// <summary>Set instead of the others when the session could not start: "code: reason".</summary>
    public const string RefusalVariable = "SCHEMAISOLATION_REFUSAL";

    public static SessionVariables ReadOrRefuse()
    {
        if (Environment.GetEnvironmentVariable(RefusalVariable) is { Length: > 0 } refusal)
        {
            var parts = refusal.Split(": ", 2);
            throw new SchemaIsolationException(parts[0], parts[^1]);
        }

        var session = Environment.GetEnvironmentVariable(IdVariable);
        var endpoint = Environment.GetEnvironmentVariable(EndpointVariable);
        var token = Environment.GetEnvironmentVariable(TokenVariable);
        if (string.IsNullOrEmpty(session) || string.IsNullOrEmpty(endpoint) || string.IsNullOrEmpty(token))
        {
            throw new SchemaIsolationException(
                "SI2001",
                "This test runs outside a session, so nothing can be leased. Run \"dotnet test --collect:SchemaIsolation\", or set SchemaIsolationEnabled in the project, with the "
                + "package SchemaIsolation.Collector in the test project, or enable the data collector \"SchemaIsolation\" in the runsettings file your IDE uses.");
        }

        return new SessionVariables(session, endpoint, token);
    }
}
