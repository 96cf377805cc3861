using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using SchemaIsolation.Keeper.Configuration;
using SchemaIsolation.Keeper.Migrations;
using SchemaIsolation.Keeper.Postgres;

namespace SchemaIsolation.Keeper.Templates;

/// <summary>What a template is made from, read once: a file that changes afterwards changes the next session's.</summary>
internal sealed class TemplateSource
{
    // Part of every fingerprint: raise it when a template of the same files would come out different.
    private const int FormatVersion = 4;

    private static readonly TimeSpan MostBetweenNotes = TimeSpan.FromHours(1);

    private readonly IReadOnlyList<InputFile> inputs;

    private TemplateSource(TemplateOptions template, TemplateSource? parent, string? codeFingerprint, Options options)
    {
        var isUsedOnce = options.Reuse == Reuse.Never;
        Name = template.Name;
        Parent = parent;
        CodeFingerprint = codeFingerprint;
        Migrator = template.Migrate;
        inputs = Migrator is null ? [] : InputFile.Read(Migrator);
        Migrations = [.. template.Migrations.SelectMany(MigrationFolder.Read)];
        Seeds = [.. template.Seeds.SelectMany(SeedFiles.Read)];
        TimeLimit = options.MigrationTimeout;
        Copies = isUsedOnce ? options.TemplateCopies : 1;
        IsSettled = !isUsedOnce;
        AllowsTypesInCopies = options.Isolation != Isolation.Auto;
        TestRole = options.TestRole;
        UseNotedEvery = options.TemplateTtl / 10 < MostBetweenNotes ? options.TemplateTtl / 10 : MostBetweenNotes;
    }

    public string Name { get; }

    /// <summary>The template whose copy it starts from; null for an empty database.</summary>
    public TemplateSource? Parent { get; }

    /// <summary>Of code in the test project that makes the template; null where there is none.</summary>
    public string? CodeFingerprint { get; }

    /// <summary>Whether a program decides where tables go: then nothing is known of schemas but what is tried.</summary>
    public bool IsMigratedByProgram => Migrator is not null || CodeFingerprint is not null || Parent is { IsMigratedByProgram: true };

    /// <summary>Runs before the files; null for none.</summary>
    public MigratorCommand? Migrator { get; }

    /// <summary>In the order in which they run.</summary>
    public IReadOnlyList<MigrationFile> Migrations { get; }

    /// <summary>Run after the migrations, in this order.</summary>
    public IReadOnlyList<MigrationFile> Seeds { get; }

    /// <summary>All of them, in the order in which they run.</summary>
    public IReadOnlyList<MigrationFile> Files => [.. Migrations, .. Seeds];

    /// <summary>How long one file may take, or the migrator.</summary>
    public TimeSpan TimeLimit { get; }

    /// <summary>How many copies a schema template holds.</summary>
    public int Copies { get; }

    /// <summary>Whether several copies of a schema in one database may each have a type of the same name.</summary>
    public bool AllowsTypesInCopies { get; }

    /// <summary>Who may use the schemas that are made for the copies; null for us alone.</summary>
    public string? TestRole { get; }

    /// <summary>How long ago the last use that is noted must be for another one to be: often enough that what is used is never too old.</summary>
    public TimeSpan UseNotedEvery { get; }

    /// <summary>Whether its rows are laid as a reset lays them, because its clones will be reset.</summary>
    public bool IsSettled { get; }

    /// <returns>All templates of the project by name; none for a default template without anything to make it from.</returns>
    /// <exception cref="SchemaIsolationException">SI1201 to SI1205: a folder or file cannot be used.</exception>
    public static IReadOnlyDictionary<string, TemplateSource> ReadAll(Options options)
    {
        var sources = new Dictionary<string, TemplateSource>(StringComparer.Ordinal);
        foreach (var template in options.Templates.Where(template => !template.IsEmpty))
            sources[template.Name] = new TemplateSource(template, template.From is null ? null : sources[template.From], codeFingerprint: null, options);
        return sources;
    }

    /// <summary>A template that the test project defines.</summary>
    public static TemplateSource OfCode(string name, string fingerprint, Options options)
        => new(new TemplateOptions(name), parent: null, fingerprint, options);

    /// <summary>What the template is called on a server.</summary>
    public DatabaseName NameOn(ServerDescription server, TemplateKind kind) => DatabaseName.ForTemplate(Fingerprint(kind, server));

    public string Fingerprint(TemplateKind kind, ServerDescription server)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Append(FormatVersion.ToString(CultureInfo.InvariantCulture));
        Append(kind.ToString());
        Append(kind == TemplateKind.Schema ? $"{Copies} {Copies > 1 && AllowsTypesInCopies} {TestRole}" : string.Empty);
        Append(IsSettled.ToString(CultureInfo.InvariantCulture));
        Append(server.MajorVersion.ToString(CultureInfo.InvariantCulture));

        // Who builds a template owns what is in it, and another role would not even see it.
        Append(server.Role);
        Append(Parent?.Fingerprint(kind, server) ?? string.Empty);
        Append(CodeFingerprint is null ? string.Empty : $"{Name} {CodeFingerprint}");
        Append(Migrator?.Text ?? string.Empty);
        foreach (var input in inputs)
        {
            Append(input.Name);
            Append(input.Hash);
        }

        foreach (var file in Files)
        {
            Append(file.Name);
            Append(file.Text);
        }

        return Convert.ToHexString(hash.GetHashAndReset()).ToLowerInvariant()[..DatabaseName.FingerprintLength];

        // Each with its length, so that no two sequences of texts run together to the same bytes.
        void Append(string text)
        {
            var bytes = Encoding.UTF8.GetBytes(text);
            hash.AppendData(BitConverter.GetBytes(bytes.Length));
            hash.AppendData(bytes);
        }
    }
}
