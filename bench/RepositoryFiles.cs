using System.Reflection;
using System.Runtime.InteropServices;

namespace SchemaIsolation.Bench;

/// <summary>What the benchmark uses of the tree it was built from.</summary>
internal static class RepositoryFiles
{
    public static string Root { get; } = typeof(RepositoryFiles).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(attribute => attribute.Key == "RepositoryRoot").Value!;

    /// <summary>The keeper as the package has it for this platform.</summary>
    public static string Keeper { get; } = new[]
    {
        Path.Combine(Root, "artifacts", "compiled", "keeper", RuntimeInformation.RuntimeIdentifier, "SchemaIsolation.Keeper.dll"),
        Path.Combine(Root, "artifacts", "publish", "SchemaIsolation.Keeper", "release", "SchemaIsolation.Keeper.dll"),
    }.First(File.Exists);

    /// <summary>What "dotnet test" is timed on.</summary>
    public static string Projects { get; } = Path.Combine(Root, "bench", "Projects");
}
