using System.Xml;
using System.Xml.Linq;

namespace SchemaIsolation.Keeper.Configuration;

/// <summary>What the directories around a test project tell without being asked.</summary>
internal static class ProjectTree
{
    // What cannot be read is reported when it is read, by its name.
    private static readonly EnumerationOptions Searched = new() { RecurseSubdirectories = true, IgnoreInaccessible = true };

    private static readonly string[] MigrationFolderNames = ["migrations", "db/migrations"];

    /// <summary>The directory and those above it, up to the one that holds the repository.</summary>
    public static IEnumerable<string> Upwards(string directory)
    {
        for (var current = new DirectoryInfo(directory); current is not null; current = current.Parent)
        {
            yield return current.FullName;

            // A file in a worktree or submodule, a directory elsewhere.
            if (Path.Exists(Path.Combine(current.FullName, ".git")))
                yield break;
        }
    }

    /// <summary>The migrations nobody configured: the test project's own, else those of the projects it references, else the nearest above.</summary>
    /// <returns>The folders that are equally near: none, one, or several among which only the user can choose.</returns>
    public static IReadOnlyList<string> FindMigrations(string projectDirectory)
    {
        if (MigrationsIn(projectDirectory) is { } own)
            return [own];

        var referenced = ReferencedProjects(projectDirectory).Select(MigrationsIn).OfType<string>().Distinct(StringComparer.Ordinal).ToList();
        if (referenced.Count > 0)
            return referenced;

        return Upwards(projectDirectory).Select(MigrationsIn).FirstOrDefault(folder => folder is not null) is { } above ? [above] : [];
    }

    private static string? MigrationsIn(string directory)
        => MigrationFolderNames
            .Select(name => Path.Combine(directory, name))
            .FirstOrDefault(folder => Directory.Exists(folder) && Directory.EnumerateFiles(folder, "*.sql", Searched).Any());

    private static IEnumerable<string> ReferencedProjects(string projectDirectory)
        => Directory.EnumerateFiles(projectDirectory, "*.*proj")
            .SelectMany(ProjectReferences)
            .Select(reference => Path.GetDirectoryName(Path.GetFullPath(Path.Combine(projectDirectory, reference.Replace('\\', '/'))))!)
            .Where(Directory.Exists);

    private static IEnumerable<string> ProjectReferences(string projectFile)
    {
        try
        {
            return XDocument.Load(projectFile).Descendants()
                .Where(element => element.Name.LocalName == "ProjectReference")
                .Select(element => (string?)element.Attribute("Include"))
                .OfType<string>()
                .SelectMany(projects => projects.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));
        }
        catch (XmlException)
        {
            // Not for us to report: the project did not build from it, and nothing is looked for behind it.
            return [];
        }
    }
}
