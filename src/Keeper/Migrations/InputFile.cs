using System.Security.Cryptography;
using Microsoft.Extensions.FileSystemGlobbing;
using SchemaIsolation.Keeper.Configuration;

namespace SchemaIsolation.Keeper.Migrations;

/// <summary>A file that decides what a migrator does, as it was when the session started.</summary>
/// <param name="Name">The path from where the patterns start, with <c>/</c> on every platform.</param>
/// <param name="Hash">Of its content.</param>
internal sealed record InputFile(string Name, string Hash)
{
    // Made by builds, of other files; they would change the template with every one.
    private static readonly string[] Excluded = ["**/bin/**", "**/obj/**"];

    /// <returns>What the migrator's patterns match, in the order of the names.</returns>
    /// <exception cref="SchemaIsolationException">SI1201: a pattern matches nothing; SI1205: a file cannot be read.</exception>
    public static IReadOnlyList<InputFile> Read(MigratorCommand migrator)
        => [.. migrator.Inputs.SelectMany(pattern => Read(migrator.Directory, pattern)).DistinctBy(input => input.Name, StringComparer.Ordinal).OrderBy(input => input.Name, StringComparer.Ordinal)];

    private static IEnumerable<InputFile> Read(string directory, string pattern)
    {
        // The matcher looks below one directory, in which "..", and where a pattern is rooted, cannot lead.
        var parts = pattern.Replace('\\', '/').Split('/');
        var fixedParts = parts[..^1].TakeWhile(part => !part.Contains('*', StringComparison.Ordinal)).ToList();
        var root = fixedParts.Count == 0 ? directory : Path.GetFullPath(Path.Combine(directory, string.Join('/', fixedParts) + "/"));
        var matcher = new Matcher(StringComparison.Ordinal);
        matcher.AddInclude(string.Join('/', parts.Skip(fixedParts.Count)));
        matcher.AddExcludePatterns(Excluded);
        var files = Directory.Exists(root) ? matcher.GetResultsInFullPath(root).ToList() : [];
        if (files.Count == 0)
            throw new SchemaIsolationException("SI1201", $"No file matches \"{pattern}\" below \"{directory}\", which a migrator's Inputs name. Correct the pattern: when one of these files changes, the template is built anew.");

        return files.Select(file => new InputFile(Path.GetRelativePath(directory, file).Replace('\\', '/'), HashOf(file)));
    }

    private static string HashOf(string file)
    {
        try
        {
            using var stream = File.OpenRead(file);
            return Convert.ToHexString(SHA256.HashData(stream));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new SchemaIsolationException("SI1205", $"The migrator's input \"{file}\" cannot be read: {exception.Message}", exception);
        }
    }
}
