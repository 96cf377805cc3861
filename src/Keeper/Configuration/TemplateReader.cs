using Microsoft.Extensions.Configuration;

namespace SchemaIsolation.Keeper.Configuration;

/// <summary>Reads the templates and the migrator of one layer.</summary>
/// <param name="layer">What paths are relative to.</param>
/// <param name="mistakes">Takes what is wrong.</param>
internal sealed class TemplateReader(ConfigurationLayer layer, ICollection<string> mistakes)
{
    private const string Name = nameof(Name);
    private const string From = nameof(From);
    private const string Command = nameof(Command);
    private const string Inputs = nameof(Inputs);
    private const string Migrations = nameof(Migrations);
    private const string Seeds = nameof(Seeds);
    private const int MaxNameLength = 63;

    private static readonly string[] KeysOfTemplate = [Name, From, Command, Inputs, Migrations, Seeds];
    private static readonly string[] KeysOfMigrator = [Command, Inputs];

    /// <returns>Null when it has a mistake.</returns>
    public MigratorCommand? ReadMigrator(IConfigurationSection section)
    {
        FindUnknownKeys(section, KeysOfMigrator);
        return ReadCommand(section);
    }

    /// <param name="section">One template, or templates numbered from 0.</param>
    /// <param name="standard">What they may start from, besides each other.</param>
    public IReadOnlyList<TemplateOptions> Read(IConfigurationSection section, TemplateOptions standard)
    {
        var templates = new List<TemplateOptions>();
        foreach (var one in ConfigurationList.Sections(section))
        {
            FindUnknownKeys(one, KeysOfTemplate);
            if (ReadName(one, templates) is { } name)
                templates.Add(ReadTemplate(one, name, [standard, .. templates]));
        }

        return templates;
    }

    private TemplateOptions ReadTemplate(IConfigurationSection section, string name, IReadOnlyList<TemplateOptions> before)
    {
        var template = new TemplateOptions(name)
        {
            From = section[From],
            Migrate = section.GetSection(Command).Exists() || section.GetSection(Inputs).Exists() ? ReadCommand(section) : null,
            Migrations = ReadPaths(section, Migrations),
            Seeds = ReadPaths(section, Seeds),
        };
        if (template.IsEmpty)
            Mistake(section, $"has nothing to be made from; legal are {string.Join(", ", KeysOfTemplate.Skip(1))}.");

        // Those before it alone, so that none starts from itself.
        var parents = before.Where(other => !other.IsEmpty).Select(other => other.Name).ToList();
        if (template.From is { } parent && !parents.Contains(parent, StringComparer.Ordinal))
            Mistake(section, $"has {From} \"{parent}\"; legal is a template that is listed before it{(parents.Count == 0 ? string.Empty : $": {string.Join(", ", parents)}")}.");
        return template;
    }

    private string? ReadName(IConfigurationSection section, List<TemplateOptions> before)
    {
        var name = section[Name];
        if (string.IsNullOrWhiteSpace(name) || name.Length > MaxNameLength)
            Mistake(section, $"has {Name} \"{MessageText.Cut(name ?? string.Empty)}\"; legal is a text of 1 to {MaxNameLength} characters.");
        else if (name == TemplateOptions.DefaultName || before.Exists(other => other.Name == name))
            Mistake(section, $"has {Name} \"{name}\", which another template has{(name == TemplateOptions.DefaultName ? ": the one that the top-level options make" : string.Empty)}.");
        else
            return name;
        return null;
    }

    private MigratorCommand? ReadCommand(IConfigurationSection section)
    {
        var command = section[Command];
        var inputs = ConfigurationList.TryRead(section.GetSection(Inputs));
        if (string.IsNullOrWhiteSpace(command))
            Mistake(section, $"has no {Command}; it is a program and its arguments.");
        if (inputs is null or [])
            Mistake(section, $"has no {Inputs}; they are the files that decide what the command does, such as \"../Migrator/**/*.cs\": when one changes, the template is built anew.");
        return string.IsNullOrWhiteSpace(command) || inputs is null or [] ? null : new MigratorCommand(command, layer.BaseDirectory, inputs);
    }

    private IReadOnlyList<string> ReadPaths(IConfigurationSection section, string key)
    {
        var values = ConfigurationList.TryRead(section.GetSection(key));
        if (values is null || !values.All(OptionsReader.IsPath))
            Mistake(section, $"has {key} that are no paths.");
        return [.. (values ?? []).Where(OptionsReader.IsPath).Select(value => Path.GetFullPath(Path.Combine(layer.BaseDirectory, value)))];
    }

    private void FindUnknownKeys(IConfigurationSection section, string[] legal)
    {
        foreach (var unknown in section.GetChildren().Where(child => !legal.Contains(child.Key, StringComparer.OrdinalIgnoreCase)))
            Mistake(section, $"has \"{unknown.Key}\"; legal are {string.Join(", ", legal)}.");
    }

    private void Mistake(IConfigurationSection section, string what) => mistakes.Add($"\"{section.Path}\" in {layer.Origin} {what}");
}
