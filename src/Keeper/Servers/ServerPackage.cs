using System.Globalization;
using System.Text.Json;

namespace SchemaIsolation.Keeper.Servers;

/// <summary>PostgreSQL's programs as a NuGet package of ours brings them.</summary>
/// <param name="Id">Its name, which ends in the platform.</param>
/// <param name="Version">Its version, which is PostgreSQL's and one number more.</param>
/// <param name="Directory">Where NuGet unpacked it.</param>
internal sealed record ServerPackage(string Id, string Version, string Directory)
{
    public const string Name = "SchemaIsolation.PostgreSql";

    // Written by NuGet's restore: what the project references, directly or not, and where that is.
    private const string AssetsFile = "project.assets.json";

    public int MajorVersion => int.TryParse(Version.Split('.')[0], NumberStyles.None, CultureInfo.InvariantCulture, out var major) ? major : 0;

    /// <summary>The directory with the programs in it, and what they need beside it.</summary>
    public string Server => Path.Combine(Directory, "server");

    public override string ToString() => $"{Id} {Version}";

    /// <summary>Those for this platform that a project has restored, the newest first.</summary>
    /// <param name="projectDirectory">The project.</param>
    /// <param name="version">The major version that is wanted; null for any.</param>
    public static IReadOnlyList<ServerPackage> Find(string projectDirectory, int? version)
        => [.. FindAssets(projectDirectory).SelectMany(Read).Distinct()
            .Where(package => version is null || package.MajorVersion == version)
            .OrderByDescending(package => package.MajorVersion).ThenByDescending(package => System.Version.TryParse(package.Version, out var version) ? version : null)];

    // With UseArtifactsOutput those of all projects are in one directory, above.
    private static IEnumerable<string> FindAssets(string projectDirectory)
    {
        var usual = Path.Combine(projectDirectory, "obj", AssetsFile);
        if (File.Exists(usual))
            yield return usual;

        var names = System.IO.Directory.EnumerateFiles(projectDirectory, "*.*proj").Select(Path.GetFileNameWithoutExtension).ToList();
        for (var above = new DirectoryInfo(projectDirectory); above is not null; above = above.Parent)
        {
            foreach (var assets in names.Select(name => Path.Combine(above.FullName, "artifacts", "obj", name!, AssetsFile)).Where(File.Exists))
                yield return assets;
        }
    }

    private static List<ServerPackage> Read(string assetsFile)
    {
        try
        {
            using var assets = JsonDocument.Parse(File.ReadAllBytes(assetsFile));
            var folders = assets.RootElement.GetProperty("packageFolders").EnumerateObject().Select(folder => folder.Name).ToList();
            return [.. Restored(assets.RootElement).Where(package => IsOurs(package.Id)).Select(package => Locate(package.Id, package.Version, folders)).OfType<ServerPackage>()];
        }
        catch (Exception exception) when (exception is JsonException or KeyNotFoundException or InvalidOperationException or IOException or UnauthorizedAccessException)
        {
            throw new SchemaIsolationException("SI1105", $"What the test project references cannot be read from \"{assetsFile}\". Run \"dotnet restore\", or name a server in Server: {exception.Message}", exception);
        }
    }

    private static IEnumerable<(string Id, string Version)> Restored(JsonElement assets)
    {
        foreach (var library in assets.GetProperty("libraries").EnumerateObject())
        {
            if (library.Name.Split('/', 2) is [var id, var version])
                yield return (id, version);
        }

        // A PackageDownload, by which a project has several versions of one: "[15.18.0, 15.18.0];[17.10.0, 17.10.0]".
        foreach (var framework in assets.GetProperty("project").GetProperty("frameworks").EnumerateObject())
        {
            if (!framework.Value.TryGetProperty("downloadDependencies", out var downloads))
                continue;
            foreach (var download in downloads.EnumerateArray())
            {
                foreach (var range in download.GetProperty("version").GetString()!.Split(';'))
                    yield return (download.GetProperty("name").GetString()!, range.Split(',')[0].Trim('[', ']', ' '));
            }
        }
    }

    private static bool IsOurs(string id) => id.Equals($"{Name}.{ServerPlatform.Name}", StringComparison.OrdinalIgnoreCase);

    // NuGet writes both in lower case on disk.
    private static ServerPackage? Locate(string id, string version, IReadOnlyList<string> folders)
        => folders
            .Select(folder => Path.Combine(folder, id.ToLowerInvariant(), version.ToLowerInvariant()))
            .Where(System.IO.Directory.Exists)
            .Select(directory => new ServerPackage(id, version, directory))
            .FirstOrDefault();
}
