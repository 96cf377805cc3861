using System.Globalization;

namespace SchemaIsolation.Keeper.Servers;

/// <summary>Where an embedded server lives: one directory for each user and major version.</summary>
internal sealed class EmbeddedServerDirectory(string root, int majorVersion)
{
    private readonly string directory = Path.Combine(root, majorVersion.ToString(CultureInfo.InvariantCulture));

    /// <summary>The user's cache directory, which survives between runs; one that PostgreSQL's own user can reach for root.</summary>
    public static string Default
    {
        get
        {
            if (ServerUser.IsNeeded)
                return "/var/cache/schema-isolation";
            if (OperatingSystem.IsWindows())
                return Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData), "schema-isolation");

            var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile, Environment.SpecialFolderOption.DoNotVerify);
            if (OperatingSystem.IsMacOS())
                return Path.Combine(home, "Library", "Caches", "schema-isolation");
            return Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } cache
                ? Path.Combine(cache, "schema-isolation")
                : Path.Combine(home, ".cache", "schema-isolation");
        }
    }

    /// <summary>What the user has named, or the default.</summary>
    public string Root => root;

    /// <summary>Held while the server is started or stopped.</summary>
    public string GateLock => Path.Combine(directory, "gate.lock");

    /// <summary>Shared by everybody who uses the server.</summary>
    public string UseLock => Path.Combine(directory, "use.lock");

    /// <summary>Belongs to the user the server runs as, and only that user may enter.</summary>
    public string Cluster => Path.Combine(directory, "cluster");

    public string Data => Path.Combine(Cluster, "data");

    /// <summary>Where the data is made, until it is whole.</summary>
    public string UnfinishedData => Path.Combine(Cluster, "data.new");

    public string Log => Path.Combine(Cluster, "server.log");

    public string Settings => Path.Combine(Data, "schema-isolation.conf");

    public string ProcessFile => Path.Combine(Data, "postmaster.pid");

    public void Create() => Directory.CreateDirectory(directory);
}
