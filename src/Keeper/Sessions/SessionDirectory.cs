namespace SchemaIsolation.Keeper.Sessions;

/// <summary>Where a session keeps what is on disk: its endpoint, and the directories of its leases. Only its user may enter it.</summary>
internal sealed class SessionDirectory
{
    private readonly string path;

    private SessionDirectory(string path) => this.path = path;

    public string Endpoint => Path.Combine(path, "keeper.sock");

    public string Leases => path;

    /// <exception cref="SchemaIsolationException">SI1004: the temporary directory cannot hold it.</exception>
    public static SessionDirectory Create()
    {
        try
        {
            // Made with access for its owner alone.
            var directory = new SessionDirectory(Directory.CreateTempSubdirectory("si-").FullName);
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
    }
}
