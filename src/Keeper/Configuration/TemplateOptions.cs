namespace SchemaIsolation.Keeper.Configuration;

/// <summary>What a template is made from, in this order: its parent, its migrator, its migrations, its seeds.</summary>
/// <param name="Name">What a lease asks for.</param>
internal sealed record TemplateOptions(string Name)
{
    /// <summary>The template of a lease that names none.</summary>
    public const string DefaultName = "default";

    /// <summary>The template it starts from; null for an empty database.</summary>
    public string? From { get; init; }

    /// <summary>Null for none.</summary>
    public MigratorCommand? Migrate { get; init; }

    /// <summary>Absolute folders, in the order in which they apply.</summary>
    public IReadOnlyList<string> Migrations { get; init; } = [];

    /// <summary>Absolute files or folders, in the order in which they apply.</summary>
    public IReadOnlyList<string> Seeds { get; init; } = [];

    public bool IsEmpty => From is null && Migrate is null && Migrations.Count == 0 && Seeds.Count == 0;
}
