using System.Globalization;

namespace SchemaIsolation.Keeper.Servers;

/// <summary>Where an embedded server lives: one directory for each user and version.</summary>
/// <param name="root">Where all of a user's embedded servers live.</param>
/// <param name="name">The server's own directory in it; see <see cref="ServerBinaries.DataName"/>.</param>
internal sealed class EmbeddedServerDirectory(string root, string name)
{
    private static readonly TimeSpan GateTimeLimit = TimeSpan.FromSeconds(60);

    private readonly string directory = System.IO.Path.Combine(root, name);

    /// <summary>The user's cache directory, which survives between runs; one that PostgreSQL's own user can reach for root.</summary>
    public static string Default
    {
        get
        {
            if (ServerUser.IsNeeded)
                return "/var/cache/schema-isolation";
            if (OperatingSystem.IsWindows())
                return System.IO.Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData), "schema-isolation");

            var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile, Environment.SpecialFolderOption.DoNotVerify);
            if (OperatingSystem.IsMacOS())
                return System.IO.Path.Combine(home, "Library", "Caches", "schema-isolation");
            return Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } cache
                ? System.IO.Path.Combine(cache, "schema-isolation")
                : System.IO.Path.Combine(home, ".cache", "schema-isolation");
        }
    }

    /// <summary>What the user has named, or the default.</summary>
    public string Root => root;

    public string Name => name;

    public string Path => directory;

    /// <summary>Held while the server is started or stopped.</summary>
    public string GateLock => System.IO.Path.Combine(directory, "gate.lock");

    /// <summary>Shared by everybody who uses the server.</summary>
    public string UseLock => System.IO.Path.Combine(directory, "use.lock");

    /// <summary>Shared by those who wait to stop a server that is kept.</summary>
    public string KeptLock => System.IO.Path.Combine(directory, "kept.lock");

    /// <summary>Which start of the machine wrote the data last; gone once it is known to be on the disk.</summary>
    public string Boot => System.IO.Path.Combine(directory, "boot");

    /// <summary>Belongs to the user the server runs as, and only that user may enter.</summary>
    public string Cluster => System.IO.Path.Combine(directory, "cluster");

    public string Data => System.IO.Path.Combine(Cluster, "data");

    /// <summary>Where the data is made, until it is whole.</summary>
    public string UnfinishedData => System.IO.Path.Combine(Cluster, "data.new");

    public string Log => System.IO.Path.Combine(Cluster, "server.log");

    public string Settings => System.IO.Path.Combine(Data, "schema-isolation.conf");

    public string ProcessFile => System.IO.Path.Combine(Data, "postmaster.pid");

    /// <summary>PostgreSQL's own note of how it was started last.</summary>
    public string StartOptions => System.IO.Path.Combine(Data, "postmaster.opts");

    /// <summary>Those in a root that hold data or programs of a server.</summary>
    public static IReadOnlyList<EmbeddedServerDirectory> List(string root)
        => Directory.Exists(root)
            ? [.. Directory.EnumerateDirectories(root).Select(found => new EmbeddedServerDirectory(root, System.IO.Path.GetFileName(found))).Where(found => File.Exists(found.GateLock)).OrderBy(found => found.Name, StringComparer.Ordinal)]
            : [];

    public void Create()
    {
        ServerUser.CreateReachableDirectory(root);
        ServerUser.CreateReachableDirectory(directory);
    }

    /// <returns>The file's text; null when it is not there, or has just gone.</returns>
    public static string? ReadIfThere(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Waits until nobody else starts or stops the server.</summary>
    /// <exception cref="SchemaIsolationException">SI1106: somebody does for too long.</exception>
    public async Task<IDisposable> EnterGateAsync(CancellationToken cancellationToken)
        => await FileLock.TakeAsync(GateLock, GateTimeLimit, cancellationToken)
            ?? throw new SchemaIsolationException("SI1106", $"Another process has been starting or stopping the embedded server for {GateTimeLimit.TotalSeconds:0} s. End it, or name another directory in ServerDirectory; the lock is \"{GateLock}\".");

    /// <summary>Until when the server runs although nobody uses it; null when that was not said.</summary>
    public DateTimeOffset? ReadKeptUntil()
        => DateTimeOffset.TryParse(ReadIfThere(KeptUntil), CultureInfo.InvariantCulture, out var until) ? until : null;

    public void WriteKeptUntil(DateTimeOffset until) => File.WriteAllText(KeptUntil, until.ToString("O", CultureInfo.InvariantCulture));

    public void ForgetKeptUntil() => File.Delete(KeptUntil);

    private string KeptUntil => System.IO.Path.Combine(directory, "kept-until");
}
