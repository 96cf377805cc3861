namespace SchemaIsolation.Testing;

/// <summary>A temporary directory that PostgreSQL's own user can reach when the tests run as root.</summary>
public static class ReachableDirectory
{
    private const string Memory = "/dev/shm";
    private const long RoomForServers = 8L << 30;

    public static string Create() => Open(Directory.CreateTempSubdirectory("si-test-"));

    /// <summary>In memory where there is room: to make and delete the files of so many databases takes a disk most of the tests' time.</summary>
    public static string CreateForServer()
        => OperatingSystem.IsLinux() && Directory.Exists(Memory) && new DriveInfo(Memory).AvailableFreeSpace > RoomForServers
            ? Open(Directory.CreateDirectory(Path.Combine(Memory, $"si-test-{Guid.NewGuid().ToString("N")[..8]}")))
            : Create();

    private static string Open(DirectoryInfo directory)
    {
        if (!OperatingSystem.IsWindows())
            directory.UnixFileMode |= UnixFileMode.OtherRead | UnixFileMode.OtherExecute | UnixFileMode.GroupRead | UnixFileMode.GroupExecute;
        return directory.FullName;
    }
}
