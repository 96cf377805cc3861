using System.ComponentModel;
using System.Diagnostics;

namespace SchemaIsolation.Keeper.Sessions;

/// <summary>Deletes the directories that killed keepers left in the temporary one.</summary>
/// <remarks>
/// Ours is one that is named so, is closed to everybody but its owner, who is our user, and has a keeper's lock file. While that is
/// locked the keeper lives.
/// </remarks>
internal static class LeftoverDirectories
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <param name="temporary">The temporary directory.</param>
    /// <param name="isDryRun">Whether only to say what would be deleted.</param>
    /// <returns>Those that are gone, or would be; and why others are not.</returns>
    public static (IReadOnlyList<string> Deleted, IReadOnlyList<string> Failures) Sweep(string temporary, bool isDryRun)
    {
        var deleted = new List<string>();
        var failures = new List<string>();
        foreach (var directory in Directory.EnumerateDirectories(temporary, SessionDirectory.Prefix + "*"))
        {
            try
            {
                if (IsOurs(directory) && TryDelete(directory, isDryRun))
                    deleted.Add(directory);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                // One that cannot be deleted must not keep the others; one that is gone is another keeper's success.
                if (Directory.Exists(directory))
                    failures.Add($"{directory}: {exception.Message}");
            }
        }

        return (deleted, failures);
    }

    private static bool TryDelete(string directory, bool isDryRun)
    {
        using var dead = FileLock.TryTake(Path.Combine(directory, SessionDirectory.LockName));
        if (dead is null)
            return false;

        if (OperatingSystem.IsWindows())
            dead.Dispose(); // An open file cannot be deleted there.
        if (!isDryRun)
            Directory.Delete(directory, recursive: true);
        return true;
    }

    private static bool IsOurs(string directory)
        => File.Exists(Path.Combine(directory, SessionDirectory.LockName))
            && (OperatingSystem.IsWindows() || (File.GetUnixFileMode(directory) == OwnerOnly && IsOwnedByUs(directory)));

    // .NET does not tell who owns a file, and root may enter everybody's directories. The program is POSIX's.
    private static bool IsOwnedByUs(string directory)
    {
        try
        {
            var startInfo = new ProcessStartInfo("test", ["-O", directory, "-a", "!", "-L", directory])
            {
                UseShellExecute = false,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            };
            using var test = Process.Start(startInfo)!;
            test.WaitForExit();
            return test.ExitCode == 0;
        }
        catch (Win32Exception)
        {
            return false;
        }
    }
}
