using System.Text.Json;

namespace SchemaIsolation.Keeper.Servers;

/// <summary>What NuGet has restored for a project, read from the file in which it says so.</summary>
internal static class ProjectAssets
{
    private const string FileName = "project.assets.json";

    /// <returns>Empty for a project that was never restored.</returns>
    /// <exception cref="SchemaIsolationException">SI1105: the file cannot be read.</exception>
    public static IReadOnlyList<RestoredPackage> ListPackages(string projectDirectory) => [.. Find(projectDirectory).SelectMany(Read).Distinct()];

    // With UseArtifactsOutput those of all projects are in one directory, above.
    private static IEnumerable<string> Find(string projectDirectory)
    {
        var usual = Path.Combine(projectDirectory, "obj", FileName);
        if (File.Exists(usual))
            yield return usual;

        var names = Directory.EnumerateFiles(projectDirectory, "*.*proj").Select(Path.GetFileNameWithoutExtension).ToList();
        for (var above = new DirectoryInfo(projectDirectory); above is not null; above = above.Parent)
        {
            foreach (var assets in names.Select(name => Path.Combine(above.FullName, "artifacts", "obj", name!, FileName)).Where(File.Exists))
                yield return assets;
        }
    }

    private static List<RestoredPackage> Read(string assetsFile)
    {
        try
        {
            using var assets = JsonDocument.Parse(File.ReadAllBytes(assetsFile));
            var folders = assets.RootElement.GetProperty("packageFolders").EnumerateObject().Select(folder => folder.Name).ToList();
            return [.. Restored(assets.RootElement).Select(package => new RestoredPackage(package.Id, package.Version, Locate(package.Id, package.Version, folders)))];
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

    // NuGet writes both in lower case on disk.
    private static string? Locate(string id, string version, IReadOnlyList<string> folders)
        => folders.Select(folder => Path.Combine(folder, id.ToLowerInvariant(), version.ToLowerInvariant())).FirstOrDefault(Directory.Exists);
}
