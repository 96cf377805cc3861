namespace SchemaIsolation.Keeper.Servers;

/// <summary>An embedded server as it is found, by whoever only looks or ends it.</summary>
/// <param name="Name">Its directory's name, which begins with the version.</param>
/// <param name="ProcessId">Null when it does not run.</param>
/// <param name="Since">When it was started; null when it does not run.</param>
/// <param name="IsUsed">Whether a session works on it.</param>
/// <param name="KeptUntil">Until when it runs although none does.</param>
/// <param name="Bytes">What its directory takes on the disk.</param>
internal sealed record EmbeddedServerState(string Name, int? ProcessId, DateTimeOffset? Since, bool IsUsed, DateTimeOffset? KeptUntil, long Bytes)
{
    /// <summary>Those in a root, by name.</summary>
    public static async Task<IReadOnlyList<EmbeddedServerState>> ListAsync(string root, CancellationToken cancellationToken)
    {
        var found = new List<EmbeddedServerState>();
        foreach (var directory in EmbeddedServerDirectory.List(root))
        {
            // Inside the gate nobody comes, so the lock that is taken for a look stands in nobody's way.
            using var gate = await directory.EnterGateAsync(cancellationToken);
            using var alone = FileLock.TryTake(directory.UseLock);
            var process = new ServerProcess(directory);
            var isRunning = await process.IsRunningAsync(cancellationToken);
            found.Add(new EmbeddedServerState(
                directory.Name,
                isRunning ? process.Id : null,
                isRunning ? process.StartTime : null,
                IsUsed: alone is null,
                isRunning ? directory.ReadKeptUntil() : null,
                Size(directory.Path)));
        }

        return found;
    }

    /// <summary>Stops the server, and perhaps deletes its data and its programs, unless a session works on it.</summary>
    /// <param name="root">Where it lives.</param>
    /// <param name="name">Its name.</param>
    /// <param name="isWiped">Whether its data goes too.</param>
    /// <param name="cancellationToken">Ends the wait for others who start or stop it.</param>
    /// <returns>False when a session works on it.</returns>
    /// <exception cref="SchemaIsolationException">SI1106: it did not stop.</exception>
    public static async Task<bool> TryEndAsync(string root, string name, bool isWiped, CancellationToken cancellationToken)
    {
        var directory = new EmbeddedServerDirectory(root, name);
        using var gate = await directory.EnterGateAsync(cancellationToken);
        using var alone = FileLock.TryTake(directory.UseLock);
        if (alone is null)
            return false;

        var process = new ServerProcess(directory);
        if (await process.IsRunningAsync(cancellationToken))
            await process.StopAsync(PgCtlOf(directory));
        directory.ForgetKeptUntil();

        // Its locks stay: whoever waits for one has it open already.
        if (isWiped && Directory.Exists(directory.Cluster))
            ServerData.Delete(directory);
        return true;
    }

    // PostgreSQL notes how it was started: its program's path, then each argument in quotes.
    private static string PgCtlOf(EmbeddedServerDirectory directory)
        => new ServerBinaries(Path.GetDirectoryName(File.ReadAllText(directory.StartOptions).Split(" \"")[0])!, MajorVersion: 0).PgCtl;

    private static long Size(string directory)
        => new DirectoryInfo(directory).EnumerateFiles("*", new EnumerationOptions { RecurseSubdirectories = true, IgnoreInaccessible = true, AttributesToSkip = FileAttributes.ReparsePoint }).Sum(Length);

    // Of a server that runs a file may go between being listed and being looked at.
    private static long Length(FileInfo file)
    {
        try
        {
            return file.Length;
        }
        catch (FileNotFoundException)
        {
            return 0;
        }
    }
}
