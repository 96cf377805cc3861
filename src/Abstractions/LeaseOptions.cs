namespace SchemaIsolation;

/// <summary>What to lease. The default is a migrated schema or database.</summary>
public sealed record LeaseOptions
{
    /// <summary>An existing but empty schema or database.</summary>
    public static LeaseOptions Empty { get; } = new() { Content = LeaseContent.Empty };

    /// <summary>A reserved name of a schema or database that does not exist yet.</summary>
    public static LeaseOptions NameOnly { get; } = new() { Content = LeaseContent.NameOnly };

    /// <summary>The template that a migrated lease is a copy of, one that the configuration names.</summary>
    /// <value>Null, unless set, for the project's default template.</value>
    public string? Template { get; init; }

    /// <summary>The template that a migrated lease is a copy of, made by the test project itself.</summary>
    /// <value>Null unless set; excludes <see cref="Template"/>.</value>
    public TemplateDefinition? Definition { get; init; }

    /// <summary>What the schema or database holds when the test gets it.</summary>
    /// <value><see cref="LeaseContent.Migrated"/> unless set.</value>
    public LeaseContent Content { get; init; }
}
