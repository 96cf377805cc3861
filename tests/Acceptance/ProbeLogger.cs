namespace SchemaIsolation.Tests.Acceptance;

/// <summary>What <c>dotnet test</c> writes with, which also decides how it ends its children.</summary>
public enum ProbeLogger
{
    /// <summary>The one without a terminal.</summary>
    Default,

    /// <summary>The one with a terminal, which is a pseudo terminal here.</summary>
    Terminal,
}
