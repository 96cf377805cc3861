namespace SchemaIsolation.Tests.PostgreSql.Templates;

/// <summary>What became of one file of migrations.</summary>
/// <param name="Isolation">"schema", or else "database", or else "neither".</param>
/// <param name="Reason">Why not a schema, and why not a database.</param>
internal sealed record WildOutcome(string Isolation, string Reason)
{
    /// <summary>The types it makes: composites, domains, enums and ranges.</summary>
    public string Types { get; init; } = "";

    /// <summary>How one copy of the schema differs from another, or else both from what the file makes of a database.</summary>
    public string CopyDifferences { get; init; } = "";

    /// <summary>Where a clone of the database names the template, and not itself.</summary>
    public string TemplateNames { get; init; } = "";

    /// <summary>What became of a clone of the database; null where there is none.</summary>
    public WildUse? Use { get; init; }
}

/// <summary>What became of a slot that was used.</summary>
/// <param name="Unlike">How two slots differ that nobody has used.</param>
/// <param name="Retired">Why a used one cannot be used again; empty when it can.</param>
/// <param name="ResetUnlike">How it differs from an unused one, though it is used again.</param>
internal sealed record WildUse(string Unlike, string Retired, string ResetUnlike);
