using System.Runtime.InteropServices;

namespace SchemaIsolation.Keeper.Servers;

/// <summary>For which machines server packages are made: the place where they differ. macOS and Windows are untested.</summary>
internal static class ServerPlatform
{
    private static readonly string[] LoaderDirectories = ["/lib", "/lib64"];

    /// <summary>As the packages' names end.</summary>
    public static string Name
    {
        get
        {
            // Windows on ARM runs programs for x64.
            if (OperatingSystem.IsWindows())
                return "win-x64";
            var system = OperatingSystem.IsMacOS() ? "osx" : "linux";
            return $"{system}-{RuntimeInformation.OSArchitecture.ToString().ToLowerInvariant()}";
        }
    }

    /// <summary>Whether the C library is musl, as on Alpine, for which no package is made.</summary>
    public static bool IsMusl
        => OperatingSystem.IsLinux() && HasLoader("ld-musl-*") && !HasLoader("ld-linux-*");

    private static bool HasLoader(string name)
        => LoaderDirectories.Where(Directory.Exists).Any(directory => Directory.EnumerateFiles(directory, name).Any());

    /// <summary>What tells one start of the machine from another; null where nothing does.</summary>
    public static async Task<string?> ReadBootAsync(CancellationToken cancellationToken)
    {
        if (OperatingSystem.IsLinux())
            return (await File.ReadAllTextAsync("/proc/sys/kernel/random/boot_id", cancellationToken)).Trim();
        if (OperatingSystem.IsMacOS())
            return (await ServerTool.RunAsync("sysctl", ["-n", "kern.bootsessionuuid"], asServerUser: false, cancellationToken)).Trim();
        return null;
    }
}
