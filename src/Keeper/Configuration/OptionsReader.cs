using System.Globalization;
using System.Text;
using Microsoft.Extensions.Configuration;
using SchemaIsolation.Keeper.Postgres;
using SchemaIsolation.Keeper.Servers;

namespace SchemaIsolation.Keeper.Configuration;

/// <summary>Makes the options of a project from its layers of configuration, or reports every mistake in them at once.</summary>
internal sealed class OptionsReader
{
    private static readonly TimeSpan ShortestTime = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestTime = TimeSpan.FromHours(1);
    private static readonly TimeSpan ShortestTtl = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LongestTtl = TimeSpan.FromDays(365);
    private const int MaxNameBytes = 63;

    private readonly IReadOnlyList<ConfigurationLayer> layers;
    private readonly string projectDirectory;
    private readonly List<string> mistakes = [];

    private OptionsReader(IReadOnlyList<ConfigurationLayer> layers, string projectDirectory)
    {
        this.layers = layers;
        this.projectDirectory = projectDirectory;
    }

    /// <exception cref="SchemaIsolationException">SI1001 with all mistakes; SI1002 when a source cannot be read at all.</exception>
    public static Options Read(string projectDirectory, string? configurationXml)
        => Directory.Exists(projectDirectory)
            ? Read(ConfigurationLayers.Find(projectDirectory, configurationXml), projectDirectory)
            : throw new SchemaIsolationException("SI1002", $"The project directory \"{projectDirectory}\" does not exist. Name the directory of the test project.");

    /// <summary>For options that are refused: what they inject nevertheless, as far as it can be read.</summary>
    public static IReadOnlyList<InjectedVariable> ReadInjected(string projectDirectory, string? configurationXml)
    {
        try
        {
            return new OptionsReader(ConfigurationLayers.Find(projectDirectory, configurationXml), projectDirectory).ReadInjected();
        }
        catch (SchemaIsolationException)
        {
            // Told already: a source cannot be read.
            return [];
        }
    }

    internal static Options Read(IReadOnlyList<ConfigurationLayer> layers, string projectDirectory)
        => new OptionsReader(layers, projectDirectory).Read();

    private Options Read()
    {
        FindUnknownKeys();
        var defaults = new Options { ProjectDirectory = projectDirectory, ServerDirectory = EmbeddedServerDirectory.Default };
        var options = defaults with
        {
            Server = Read(OptionKey.Server, new ServerReader(mistakes).ReadAddress),
            ServerOrigin = FindLayer(OptionKey.Server)?.Origin,
            ServerVersion = ReadCount(OptionKey.ServerVersion, ServerBinaries.OldestVersion, ServerBinaries.NewestVersion),
            KeepServer = ReadTime(OptionKey.KeepServer, TimeSpan.Zero, TimeSpan.FromHours(12)) ?? defaults.KeepServer,
            PasswordCommand = Read(OptionKey.PasswordCommand, new ServerReader(mistakes).ReadPasswordCommand),
            MaintenanceDatabase = ReadName(OptionKey.MaintenanceDatabase) ?? defaults.MaintenanceDatabase,
            SharedDatabase = ReadName(OptionKey.SharedDatabase),
            TestDatabase = ReadName(OptionKey.TestDatabase),
            TestRole = ReadName(OptionKey.TestRole),
            ServerBinaries = ReadPath(OptionKey.ServerBinaries),
            ServerDirectory = ReadPath(OptionKey.ServerDirectory) ?? defaults.ServerDirectory,
            Templates = ReadTemplates(),
            MigrationTimeout = ReadTime(OptionKey.MigrationTimeout, ShortestTime, LongestTime) ?? defaults.MigrationTimeout,
            Isolation = ReadName<Isolation>(OptionKey.Isolation) ?? defaults.Isolation,
            Reuse = ReadName<Reuse>(OptionKey.Reuse) ?? defaults.Reuse,
            TemplateCopies = ReadCount(OptionKey.TemplateCopies, least: 1, most: 64) ?? defaults.TemplateCopies,
            TemplateTtl = ReadTime(OptionKey.TemplateTtl, ShortestTtl, LongestTtl) ?? defaults.TemplateTtl,
            MaxTemplates = ReadCount(OptionKey.MaxTemplates, least: 1, most: 10_000) ?? defaults.MaxTemplates,
            MinSlots = ReadCount(OptionKey.MinSlots, least: 0, most: 1000) ?? defaults.MinSlots,
            MaxSlots = ReadCount(OptionKey.MaxSlots, least: 1, most: 1000) ?? defaults.MaxSlots,
            LeaseTimeout = ReadTime(OptionKey.LeaseTimeout, ShortestTime, LongestTime) ?? defaults.LeaseTimeout,
            KeepFailed = ReadCount(OptionKey.KeepFailed, least: 0, most: 100) ?? defaults.KeepFailed,
            KeepFailedFor = ReadTime(OptionKey.KeepFailedFor, ShortestTime, LongestTtl) ?? defaults.KeepFailedFor,
            Sweep = ReadEach(OptionKey.Sweep, (section, layer) => new SweepRuleReader(layer.Origin, mistakes).Read(section)),
            Inject = ReadInjected(),
        };
        FindContradictions(options);
        if (mistakes.Count == 0)
            return options;

        var count = mistakes.Count == 1 ? "One option is wrong" : $"{mistakes.Count} options are wrong";
        throw new SchemaIsolationException("SI1001", $"{count}. {string.Join(' ', mistakes)}");
    }

    private void FindUnknownKeys()
    {
        foreach (var layer in layers)
        {
            foreach (var section in layer.Values.GetChildren())
            {
                if (!OptionKey.All.Any(key => Is(key, section.Key)))
                    mistakes.Add($"\"{section.Key}\" in {layer.Origin} is not an option; did you mean \"{OptionKey.Nearest(section.Key)}\"?");
            }
        }
    }

    private void FindContradictions(Options options)
    {
        if (options.SharedDatabase is not null && options.Isolation == Isolation.Database)
            mistakes.Add("\"SharedDatabase\" has schemas for slots, and \"Isolation\" is \"Database\". Leave one of them out.");
        if (options.TestDatabase is not null && options.SharedDatabase is not null)
            mistakes.Add("\"SharedDatabase\" is for a role that may not create databases, and \"TestDatabase\" is one that is created. Leave one of them out.");
        if (options.TestDatabase is { } name && (name == options.MaintenanceDatabase || name is "template0" or "template1" || DatabaseName.TryParse(name) is not null))
            mistakes.Add($"\"TestDatabase\" is \"{name}\", which is the server's or ours. Name one of its own, such as \"shop_test\".");
        if (options.KeepFailed > 0 && options.SharedDatabase is not null)
            mistakes.Add("\"KeepFailed\" keeps databases, and with \"SharedDatabase\" slots are schemas of one that is not ours. Leave one of them out.");
        else if (options.KeepFailed > 0 && options.Reuse != Reuse.Fenced)
            mistakes.Add($"\"KeepFailed\" keeps databases that nobody writes to any more, and with \"Reuse\" \"{options.Reuse}\" {(options.Reuse == Reuse.Never ? "schemas share one" : "released ones are still connected to")}. Set \"Reuse\" to \"Fenced\", or leave \"KeepFailed\" out.");
        if (options.PasswordCommand is not null && FindLayer(OptionKey.Server) is null)
            mistakes.Add("\"PasswordCommand\" prints the password of a server, and \"Server\" names none. Name it, or leave \"PasswordCommand\" out for the embedded one.");
        if (options.PasswordCommand is not null && options.Server is { HasPassword: true })
            mistakes.Add("\"PasswordCommand\" prints the password, and \"Server\" has a Password or a Passfile. Leave one of them out.");
        if (options.Inject.Any(variable => variable.Format == VariableFormat.Database) && options.Inject.All(variable => variable.Format != VariableFormat.Options)
            && (options.SharedDatabase is not null || options.TestRole is not null))
        {
            mistakes.Add($"\"Inject\" says the name of the database, where \"{(options.SharedDatabase is null ? nameof(Options.TestRole) : nameof(Options.SharedDatabase))}\" needs more of a connection. Add a Variable with Format Options that the application reads, or inject Keywords, Url or Libpq.");
        }
    }

    private T? Read<T>(OptionKey key, Func<string, ConfigurationLayer, T?> read)
        where T : class
        => ReadValue(key) is var (value, layer) ? read(value, layer) : null;

    private string? ReadName(OptionKey key)
    {
        if (ReadValue(key) is not var (value, layer))
            return null;
        if (Encoding.UTF8.GetByteCount(value) is > 0 and <= MaxNameBytes)
            return value;
        Mistake(key, value, layer);
        return null;
    }

    private T? ReadName<T>(OptionKey key)
        where T : struct, Enum
    {
        if (ReadValue(key) is not var (value, layer))
            return null;
        if (Enum.GetNames<T>().FirstOrDefault(name => name.Equals(value, StringComparison.OrdinalIgnoreCase)) is { } known)
            return Enum.Parse<T>(known);
        Mistake(key, value, layer);
        return null;
    }

    private int? ReadCount(OptionKey key, int least, int most)
    {
        if (ReadValue(key) is not var (value, layer))
            return null;
        if (int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count >= least && count <= most)
            return count;
        Mistake(key, value, layer);
        return null;
    }

    private TimeSpan? ReadTime(OptionKey key, TimeSpan shortest, TimeSpan longest)
    {
        if (ReadValue(key) is not var (value, layer))
            return null;

        // "30" alone would be thirty days.
        if (value.Contains(':', StringComparison.Ordinal)
            && TimeSpan.TryParse(value, CultureInfo.InvariantCulture, out var time)
            && time >= shortest && time <= longest)
        {
            return time;
        }

        Mistake(key, value, layer);
        return null;
    }

    private IReadOnlyList<TemplateOptions> ReadTemplates()
    {
        var migrator = FindLayer(OptionKey.Migrate) is { } layer ? new TemplateReader(layer, mistakes).ReadMigrator(Section(layer, OptionKey.Migrate)) : null;
        var standard = new TemplateOptions(TemplateOptions.DefaultName)
        {
            Migrate = migrator,
            Migrations = ReadMigrations(isSearched: FindLayer(OptionKey.Migrate) is null),
            Seeds = ReadPaths(OptionKey.Seeds),
        };
        return FindLayer(OptionKey.Template) is { } named
            ? [standard, .. new TemplateReader(named, mistakes).Read(Section(named, OptionKey.Template), standard)]
            : [standard];
    }

    /// <param name="isSearched">A migrator has its own idea of where its files are.</param>
    private IReadOnlyList<string> ReadMigrations(bool isSearched)
    {
        if (FindLayer(OptionKey.Migrations) is not null)
            return ReadPaths(OptionKey.Migrations);
        if (!isSearched)
            return [];

        var found = ProjectTree.FindMigrations(projectDirectory);
        if (found.Count <= 1)
            return found;

        mistakes.Add($"\"{OptionKey.Migrations.Name}\" is not set, and several referenced projects have migrations: {string.Join(", ", found.Select(folder => $"\"{folder}\""))}. Name those that apply, in their order.");
        return [];
    }

    private string? ReadPath(OptionKey key)
    {
        if (ReadValue(key) is not var (value, layer))
            return null;
        if (IsPath(value))
            return Path.GetFullPath(Path.Combine(layer.BaseDirectory, value));
        Mistake(key, value, layer);
        return null;
    }

    internal static bool IsPath(string value) => !string.IsNullOrWhiteSpace(value) && !value.Contains('\0', StringComparison.Ordinal);

    private IReadOnlyList<string> ReadPaths(OptionKey key)
    {
        if (FindLayer(key) is not { } layer)
            return [];

        var section = Section(layer, key);
        if (ConfigurationList.TryRead(section) is not { } values)
        {
            Mistake(key, "an object", layer);
            return [];
        }

        if (values.Count == 0 || !values.All(IsPath))
            Mistake(key, section.Value ?? string.Empty, layer);
        return [.. values.Where(IsPath).Select(value => Path.GetFullPath(Path.Combine(layer.BaseDirectory, value)))];
    }

    private IReadOnlyList<InjectedVariable> ReadInjected()
        => ReadEach(OptionKey.Inject, (section, layer) => new InjectReader(layer.Origin, mistakes).Read(section));

    private IReadOnlyList<T> ReadEach<T>(OptionKey key, Func<IConfigurationSection, ConfigurationLayer, IReadOnlyList<T>> read)
    {
        if (FindLayer(key) is not { } layer)
            return [];

        var section = Section(layer, key);
        if (section.GetChildren().Any())
            return read(section, layer);
        Mistake(key, section.Value ?? string.Empty, layer);
        return [];
    }

    private (string Value, ConfigurationLayer Layer)? ReadValue(OptionKey key)
    {
        if (FindLayer(key) is not { } layer)
            return null;
        if (Section(layer, key).Value is { } value)
            return (value, layer);

        Mistake(key, "a list", layer);
        return null;
    }

    // A later layer's list replaces an earlier one's as a whole, where merging configurations would mix the two by number.
    private ConfigurationLayer? FindLayer(OptionKey key) => layers.LastOrDefault(layer => Section(layer, key).Exists());

    private static IConfigurationSection Section(ConfigurationLayer layer, OptionKey key) => layer.Values.GetSection(key.Name);

    private static bool Is(OptionKey key, string name) => string.Equals(key.Name, name, StringComparison.OrdinalIgnoreCase);

    private void Mistake(OptionKey key, string value, ConfigurationLayer layer)
        => mistakes.Add($"\"{key.Name}\" in {layer.Origin} is \"{MessageText.Cut(value)}\"; legal is {key.Legal.Replace("`", string.Empty, StringComparison.Ordinal)}.");
}
