using System.Text;

namespace SchemaIsolation.Keeper.Servers;

/// <summary>The data of an embedded server: made when there is none, and anew when it cannot be trusted.</summary>
/// <remarks>
/// The server does not wait for the disk. When it was killed alone, the system still has all that it wrote; when the machine went
/// down with it, or soon after it, nobody knows what the disk has.
/// </remarks>
internal sealed class ServerData(ServerBinaries binaries, EmbeddedServerDirectory directory, string superuser)
{
    /// <summary>Makes the data unless it is there.</summary>
    public async Task EnsureAsync(CancellationToken cancellationToken)
    {
        if (!Directory.Exists(directory.Data))
            await MakeAsync(cancellationToken);
    }

    /// <summary>Whether it was written before the machine was started last, and may not be on the disk.</summary>
    public async Task<bool> IsOfAnotherBootAsync(CancellationToken cancellationToken)
        => ReadMark() is { } mark && await ServerPlatform.ReadBootAsync(cancellationToken) is { } boot && mark.Split(' ')[0] != boot;

    /// <summary>Deletes the data of a server that does not run.</summary>
    public static void Delete(EmbeddedServerDirectory directory)
    {
        // Another name first: what is half deleted must not be taken for data.
        if (Directory.Exists(directory.UnfinishedData))
            Directory.Delete(directory.UnfinishedData, recursive: true);
        if (Directory.Exists(directory.Data))
            Directory.Move(directory.Data, directory.UnfinishedData);
        Directory.Delete(directory.Cluster, recursive: true);
        File.Delete(directory.Boot);
    }

    /// <summary>Says that what is written from now on may not be on the disk.</summary>
    public async Task BeginWritingAsync(CancellationToken cancellationToken)
    {
        if (await ServerPlatform.ReadBootAsync(cancellationToken) is { } boot)
        {
            await using var mark = new FileStream(directory.Boot, FileMode.Create, FileAccess.Write);
            await mark.WriteAsync(Encoding.UTF8.GetBytes($"{boot} {Guid.NewGuid():N}"), cancellationToken);
            mark.Flush(flushToDisk: true); // It must not be lost with the data.
        }
    }

    /// <summary>What says that the data may not be on the disk; another with each start, and null when it is.</summary>
    public string? ReadMark() => EmbeddedServerDirectory.ReadIfThere(directory.Boot);

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
