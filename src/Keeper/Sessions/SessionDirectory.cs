namespace SchemaIsolation.Keeper.Sessions;

/// <summary>A directory of a keeper in the temporary one: for its endpoint and its leases, or for its report. Only its user may enter it.</summary>
/// <remarks>It holds a file that is locked while the keeper lives: by that <see cref="LeftoverDirectories"/> knows the dead's.</remarks>
internal sealed class SessionDirectory
{
    public const string Prefix = "si-";
    public const string LockName = "keeper.lock";

    private readonly string path;
    private readonly IDisposable alive;

    private SessionDirectory(string path, IDisposable alive)
    {
        this.path = path;
        this.alive = alive;
    }

    public string Endpoint => Path.Combine(path, "keeper.sock");

    public string Leases => path;

    /// <summary>Where the report is written for the collector to fetch.</summary>
    public string Report => path;

    /// <exception cref="SchemaIsolationException">SI1004: the temporary directory cannot hold it.</exception>
    public static SessionDirectory Create()
    {
        try
        {
            SessionDirectory? directory;
            do
                directory = TryCreate();
            while (directory is null);

            if (SocketPath.Fits(directory.Endpoint))
                return directory;

            directory.Delete();
            throw new SchemaIsolationException("SI1004", $"The temporary directory \"{Path.GetTempPath()}\" has too long a path for a socket, whose limit is {SocketPath.MaxBytes} bytes. Set TMPDIR to a shorter one.");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new SchemaIsolationException("SI1004", $"The temporary directory \"{Path.GetTempPath()}\" cannot be used. Set TMPDIR to one that can be written to: {exception.Message}", exception);
        }
    }

    /// <returns>Why it is still there; null when it is gone.</returns>
    public string? Delete()
    {
        // An open file cannot be deleted on Windows; elsewhere the lock is kept until nothing is left that another could find.
        if (OperatingSystem.IsWindows())
            alive.Dispose();
        try
        {
            Directory.Delete(path, recursive: true);
            return null;
        }
        catch (DirectoryNotFoundException)
        {
            return null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return $"{path}: {exception.Message}";
        }
        finally
        {
            alive.Dispose();
        }
    }

    /// <returns>Null when another keeper took it for a dead one's in the moment before it was locked.</returns>
    private static SessionDirectory? TryCreate()
    {
        // Made with access for its owner alone.
        var path = Directory.CreateTempSubdirectory(Prefix).FullName;
        var file = Path.Combine(path, LockName);
        var alive = FileLock.TryTake(file);
        if (alive is not null && File.Exists(file))
            return new SessionDirectory(path, alive);

        alive?.Dispose();
        return null;
    }
}
