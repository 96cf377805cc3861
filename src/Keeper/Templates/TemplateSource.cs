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
    private const int FormatVersion = 3;

    private TemplateSource(IReadOnlyList<MigrationFile> files, Options options)
    {
        var isUsedOnce = options.Reuse == Reuse.Never;
        Files = files;
        TimeLimitPerFile = options.MigrationTimeout;
        Copies = isUsedOnce ? options.TemplateCopies : 1;
        IsSettled = !isUsedOnce;
        AllowsTypesInCopies = options.Isolation != Isolation.Auto;
    }

    /// <summary>Migrations, then seeds, in the order in which they run.</summary>
    public IReadOnlyList<MigrationFile> Files { get; }

    public TimeSpan TimeLimitPerFile { get; }

    /// <summary>How many copies a schema template holds.</summary>
    public int Copies { get; }

    /// <summary>Whether several copies of a schema in one database may each have a type of the same name.</summary>
    public bool AllowsTypesInCopies { get; }

    /// <summary>Whether its rows are laid as a reset lays them, because its clones will be reset.</summary>
    public bool IsSettled { get; }

    /// <returns>Null when there are no migrations and no seeds.</returns>
    /// <exception cref="SchemaIsolationException">SI1201 to SI1205: a folder or file cannot be used.</exception>
    public static TemplateSource? Read(Options options)
    {
        var files = options.Migrations.SelectMany(MigrationFolder.Read).Concat(options.Seeds.SelectMany(SeedFiles.Read)).ToList();
        return files.Count == 0 ? null : new TemplateSource(files, options);
    }

    public string Fingerprint(TemplateKind kind, ServerDescription server)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Append(FormatVersion.ToString(CultureInfo.InvariantCulture));
        Append(kind.ToString());
        Append(kind == TemplateKind.Schema ? $"{Copies} {Copies > 1 && AllowsTypesInCopies}" : string.Empty);
        Append(IsSettled.ToString(CultureInfo.InvariantCulture));
        Append(server.MajorVersion.ToString(CultureInfo.InvariantCulture));

        // Who builds a template owns what is in it, and another role would not even see it.
        Append(server.Role);
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
