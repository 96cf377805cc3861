using System.Reflection;

namespace SchemaIsolation.Bench;

/// <summary>What the benchmark uses of the tree it was built from.</summary>
internal static class RepositoryFiles
{
    public static string Root { get; } = typeof(RepositoryFiles).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(attribute => attribute.Key == "RepositoryRoot").Value!;

    /// <summary>The keeper as it goes into the package.</summary>
    public static string Keeper { get; } = Path.Combine(Root, "artifacts", "publish", "SchemaIsolation.Keeper", "release", "SchemaIsolation.Keeper.dll");

    /// <summary>What "dotnet test" is timed on.</summary>
    public static string Projects { get; } = Path.Combine(Root, "bench", "Projects");
}
