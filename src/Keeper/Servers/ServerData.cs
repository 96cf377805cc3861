namespace SchemaIsolation.Keeper.Servers;

/// <summary>The data of an embedded server: made when there is none, and anew when it cannot be trusted.</summary>
/// <remarks>
/// The server does not wait for the disk. When it was killed alone, the system still has all that it wrote; when the machine went
/// down with it, or soon after it, nobody knows what the disk has.
/// </remarks>
internal sealed class ServerData(ServerBinaries binaries, EmbeddedServerDirectory directory, string superuser)
{
    /// <summary>Makes the data unless it is there and can be trusted.</summary>
    /// <returns>Why what was there had to go; null when it did not.</returns>
    public async Task<string?> EnsureAsync(CancellationToken cancellationToken)
    {
        string? reason = null;
        if (Directory.Exists(directory.Data) && await IsOfAnotherBootAsync(cancellationToken))
        {
            reason = "the machine went down before all of it was on the disk";
            Delete(directory);
        }

        if (!Directory.Exists(directory.Data))
            await MakeAsync(cancellationToken);
        return reason;
    }

    /// <summary>Deletes the data of a server that does not run.</summary>
    public static void Delete(EmbeddedServerDirectory directory)
    {
        Directory.Delete(directory.Cluster, recursive: true);
        File.Delete(directory.Boot);
    }

    /// <summary>Deletes the data and makes it anew.</summary>
    public async Task MakeAnewAsync(CancellationToken cancellationToken)
    {
        Delete(directory);
        await MakeAsync(cancellationToken);
    }

    /// <summary>Says that what is written from now on may not be on the disk.</summary>
    public async Task BeginWritingAsync(CancellationToken cancellationToken)
    {
        if (await ServerPlatform.ReadBootAsync(cancellationToken) is { } boot)
            await File.WriteAllTextAsync(directory.Boot, $"{boot} {Guid.NewGuid():N}", cancellationToken);
    }

    /// <summary>What says that the data may not be on the disk; another with each start, and null when it is.</summary>
    public string? ReadMark() => File.Exists(directory.Boot) ? File.ReadAllText(directory.Boot) : null;

    /// <summary>Writes the data of a stopped server to the disk, and says so unless it has been started meanwhile.</summary>
    /// <param name="mark">The mark when it was stopped.</param>
    /// <param name="enterGateAsync">Keeps others from starting it.</param>
    /// <param name="cancellationToken">Ends the writing.</param>
    public async Task FlushAsync(string mark, Func<Task<IDisposable>> enterGateAsync, CancellationToken cancellationToken)
    {
        await ServerTool.RunAsync(binaries.Initdb, ["--sync-only", "-D", directory.Data], asServerUser: true, cancellationToken);
        using var gate = await enterGateAsync();
        if (ReadMark() == mark)
            File.Delete(directory.Boot);
    }

    private async Task<bool> IsOfAnotherBootAsync(CancellationToken cancellationToken)
        => ReadMark() is { } mark && await ServerPlatform.ReadBootAsync(cancellationToken) is { } boot && mark.Split(' ')[0] != boot;

    private async Task MakeAsync(CancellationToken cancellationToken)
    {
        await ServerUser.CreateDirectoryAsync(directory.Cluster, cancellationToken);
        if (Directory.Exists(directory.UnfinishedData))
            Directory.Delete(directory.UnfinishedData, recursive: true);
        await ServerTool.RunAsync(
            binaries.Initdb,
            ["-D", directory.UnfinishedData, "-U", superuser, "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync", "--no-instructions"],
            asServerUser: true,
            cancellationToken);
        await File.AppendAllTextAsync(
            Path.Combine(directory.UnfinishedData, "postgresql.conf"), $"\ninclude_if_exists = '{Path.GetFileName(directory.Settings)}'\n", cancellationToken);
        Directory.Move(directory.UnfinishedData, directory.Data);
    }
}
