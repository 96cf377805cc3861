using System.Globalization;

namespace SchemaIsolation.Keeper.Servers;

/// <summary>PostgreSQL's programs as a NuGet package of ours brings them.</summary>
/// <param name="Id">Its name, which ends in the platform.</param>
/// <param name="Version">Its version, which is PostgreSQL's and one number more.</param>
/// <param name="Directory">Where NuGet unpacked it.</param>
internal sealed record ServerPackage(string Id, string Version, string Directory)
{
    public const string Name = "SchemaIsolation.PostgreSql";

    public int MajorVersion => int.TryParse(Version.Split('.')[0], NumberStyles.None, CultureInfo.InvariantCulture, out var major) ? major : 0;

    /// <summary>The directory with the programs in it, and what they need beside it.</summary>
    public string Server => Path.Combine(Directory, "server");

    public override string ToString() => $"{Id} {Version}";

    /// <summary>Those for this platform that a project has restored, the newest first.</summary>
    /// <param name="projectDirectory">The project.</param>
    /// <param name="version">The major version that is wanted; null for any.</param>
    public static IReadOnlyList<ServerPackage> Find(string projectDirectory, int? version)
        => [.. ProjectAssets.ListPackages(projectDirectory).Where(package => IsOurs(package.Id) && package.Directory is not null)
            .Select(package => new ServerPackage(package.Id, package.Version, package.Directory!))
            .Where(package => version is null || package.MajorVersion == version)
            .OrderByDescending(package => package.MajorVersion).ThenByDescending(package => System.Version.TryParse(package.Version, out var version) ? version : null)];

    private static bool IsOurs(string id) => id.Equals($"{Name}.{ServerPlatform.Name}", StringComparison.OrdinalIgnoreCase);
}
