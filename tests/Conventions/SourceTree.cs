namespace SchemaIsolation.Tests.Conventions;

/// <summary>The files of this repository, as they lie on disk.</summary>
internal static class SourceTree
{
    private static readonly string[] NotSource = [".git", ".vs", ".idea", "artifacts", "bin", "obj", "TestResults"];

    public static string Root { get; } = FindRoot(AppContext.BaseDirectory);

    public static string PathOf(string name) => Path.Join(Root, name);

    public static string Read(string name) => File.ReadAllText(PathOf(name));

    /// <summary>The files below a folder, or of the whole repository, named from its root.</summary>
    public static IEnumerable<SourceFile> Files(string folder, params string[] extensions)
        => Walk(new DirectoryInfo(PathOf(folder)))
            .Where(file => extensions.Contains(file.Extension, StringComparer.OrdinalIgnoreCase))
            .Select(file => new SourceFile(Path.GetRelativePath(Root, file.FullName).Replace('\\', '/'), File.ReadAllText(file.FullName)))
            .OrderBy(file => file.Name, StringComparer.Ordinal);

    private static IEnumerable<FileInfo> Walk(DirectoryInfo directory)
        => directory.EnumerateFiles().Concat(directory.EnumerateDirectories().Where(below => !NotSource.Contains(below.Name)).SelectMany(Walk));

    private static string FindRoot(string directory)
        => File.Exists(Path.Join(directory, "DataCollector.sln"))
            ? directory
            : FindRoot(Path.GetDirectoryName(directory) ?? throw new InvalidOperationException("The tests do not run below the repository."));
}
