using System.Diagnostics;

namespace SchemaIsolation.Keeper.Servers;

/// <summary>Whom PostgreSQL's programs run as. PostgreSQL refuses root, so on Unix root hands them to another user.</summary>
internal static class ServerUser
{
    private const UnixFileMode Reachable = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
        | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    public static bool IsNeeded => !OperatingSystem.IsWindows() && Environment.IsPrivilegedProcess;

    public static void Apply(ProcessStartInfo startInfo)
    {
        if (!IsNeeded)
            return;

        startInfo.UserName = Name;
        startInfo.WorkingDirectory = "/"; // Ours may be closed to that user.
    }

    /// <summary>Creates the directory so that every user may enter and read it, whatever the umask is; one that is there keeps its mode.</summary>
    public static void CreateReachableDirectory(string directory)
    {
        var isNew = !Directory.Exists(directory);
        Directory.CreateDirectory(directory);
        if (isNew && !OperatingSystem.IsWindows())
            File.SetUnixFileMode(directory, Reachable);
    }

    /// <summary>Creates the directory so that only that user may enter it.</summary>
    public static async Task CreateDirectoryAsync(string directory, CancellationToken cancellationToken)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(directory);
            return;
        }

        Directory.CreateDirectory(directory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        if (IsNeeded)
            await ServerTool.RunAsync("chown", [Name, directory], asServerUser: false, cancellationToken);
    }

    private static string Name => File.ReadLines("/etc/passwd").Any(line => line.StartsWith("postgres:", StringComparison.Ordinal))
        ? "postgres"
        : "nobody";
}
