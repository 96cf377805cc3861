using System.Text.RegularExpressions;

namespace SchemaIsolation.Keeper.Servers;

/// <summary>Copies of server packages' programs that PostgreSQL's own user can reach: NuGet unpacks for its user alone.</summary>
/// <param name="root">The embedded servers' directory.</param>
internal sealed partial class ServerPackageCache(string root)
{
    private const UnixFileMode Readable = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
    private const UnixFileMode Executable = Readable | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    private const string Name = "programs";
    private const string LockSuffix = ".lock";

    private static readonly TimeSpan CopyTimeLimit = TimeSpan.FromMinutes(2);

    private readonly string directory = Path.Combine(root, Name);

    /// <summary>The programs, copied unless they are there already.</summary>
    /// <exception cref="SchemaIsolationException">SI1106: they cannot be copied; SI1115: they do not run on this machine.</exception>
    public async Task<ServerBinaries> EnsureAsync(ServerPackage package, CancellationToken cancellationToken)
    {
        if (ServerPlatform.IsMusl)
            throw Unfit(package, "it needs glibc, and this machine's C library is musl", innerException: null);

        var copy = Path.Combine(directory, $"{package.Version}-{ServerPlatform.Name}");
        try
        {
            ServerUser.CreateReachableDirectory(root);
            ServerUser.CreateReachableDirectory(directory);
            using var alone = await FileLock.TakeAsync(copy + LockSuffix, CopyTimeLimit, cancellationToken)
                ?? throw new SchemaIsolationException("SI1106", $"Another process has been copying \"{package}\" for {CopyTimeLimit.TotalSeconds:0} s. End it, or name another directory in ServerDirectory; the lock is \"{copy}{LockSuffix}\".");
            if (!IsWhole(copy, package.Server))
                await CopyAsync(package, copy, cancellationToken);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new SchemaIsolationException("SI1106", $"The programs of the package {package} cannot be copied to \"{copy}\". Name another directory in ServerDirectory, or restore the package again: {exception.Message}", exception);
        }

        return new ServerBinaries(Path.Combine(copy, "bin"), package.MajorVersion) { Package = package };
    }

    /// <summary>Deletes all of them but those that somebody is just copying. No server of that directory may run.</summary>
    public static void Delete(string root)
    {
        var directory = Path.Combine(root, Name);
        if (!Directory.Exists(directory))
            return;

        // The locks stay: whoever waits for one has it open already.
        foreach (var file in Directory.GetFiles(directory, "*" + LockSuffix))
        {
            using var alone = FileLock.TryTake(file);
            if (alone is not null)
                DeleteDirectory(file[..^LockSuffix.Length]);
        }
    }

    // The lengths too: what a machine was writing when its power went is shorter.
    private static bool IsWhole(string copy, string original)
        => Directory.Exists(copy) && Files(copy).SequenceEqual(Files(original));

    private static IEnumerable<(string Path, long Length)> Files(string directory)
        => new DirectoryInfo(directory).EnumerateFiles("*", SearchOption.AllDirectories)
            .Select(file => (Path.GetRelativePath(directory, file.FullName), file.Length))
            .OrderBy(file => file.Item1, StringComparer.Ordinal);

    private static async Task CopyAsync(ServerPackage package, string copy, CancellationToken cancellationToken)
    {
        var unfinished = copy + ".new";
        DeleteDirectory(unfinished);
        foreach (var (file, _) in Files(package.Server))
        {
            var target = Path.Combine(unfinished, file);
            ServerUser.CreateReachableDirectory(Path.GetDirectoryName(target)!);
            File.Copy(Path.Combine(package.Server, file), target);
            if (!OperatingSystem.IsWindows())
                File.SetUnixFileMode(target, file.StartsWith("bin", StringComparison.Ordinal) ? Executable : Readable);
            cancellationToken.ThrowIfCancellationRequested();
        }

        await RequireRunningAsync(package, Path.Combine(unfinished, "bin"), cancellationToken);
        DeleteDirectory(copy);
        Directory.Move(unfinished, copy);
    }

    private static async Task RequireRunningAsync(ServerPackage package, string bin, CancellationToken cancellationToken)
    {
        try
        {
            await ServerBinaries.OpenAsync(bin, cancellationToken);
        }
        catch (SchemaIsolationException exception)
        {
            var glibc = TooNewGlibc().Match(exception.Reason);
            var why = glibc.Success ? $"it needs glibc {glibc.Groups["version"].Value} or newer" : "something that it needs is missing";
            throw Unfit(package, why, exception);
        }
    }

    private static SchemaIsolationException Unfit(ServerPackage package, string why, SchemaIsolationException? innerException)
        => new(
            "SI1115",
            $"The PostgreSQL of the package {package} does not run on this machine: {why}. Install PostgreSQL and name its directory in ServerBinaries, or a running server in Server{(innerException is null ? "." : $": {innerException.Reason}")}",
            innerException);

    private static void DeleteDirectory(string directory)
    {
        if (Directory.Exists(directory))
            Directory.Delete(directory, recursive: true);
    }

    [GeneratedRegex("version [`']GLIBC_(?<version>[0-9.]+)' not found", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex TooNewGlibc();
}
