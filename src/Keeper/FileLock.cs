namespace SchemaIsolation.Keeper;

/// <summary>A lock between processes of one machine. The kernel frees it when its holder dies.</summary>
internal static class FileLock
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(10);

    /// <returns>The lock, or null when anybody else holds or shares it.</returns>
    public static IDisposable? TryTake(string file) => TryOpen(file, FileShare.None);

    /// <returns>A share of the lock, or null when somebody holds it alone.</returns>
    public static IDisposable? TryShare(string file) => TryOpen(file, FileShare.Read);

    /// <returns>The lock, or null when the time limit passed before it was free.</returns>
    public static async Task<IDisposable?> TakeAsync(string file, TimeSpan timeLimit, CancellationToken cancellationToken)
    {
        IDisposable? taken = null;
        await Poll.UntilAsync(() => Task.FromResult((taken = TryTake(file)) is not null), PollInterval, timeLimit, cancellationToken);
        return taken;
    }

    // .NET's sharing modes are enforced between processes on every platform: by the system on Windows, by flock elsewhere.
    private static FileStream? TryOpen(string file, FileShare share)
    {
        try
        {
            return new FileStream(file, FileMode.OpenOrCreate, FileAccess.Read, share);
        }
        catch (IOException exception) when (exception is not (FileNotFoundException or DirectoryNotFoundException or PathTooLongException))
        {
            return null;
        }
    }
}
