namespace SchemaIsolation.Testing;

/// <summary>A temporary directory that PostgreSQL's own user can reach when the tests run as root.</summary>
public static class ReachableDirectory
{
    public static string Create()
    {
        var directory = Directory.CreateTempSubdirectory("si-test-");
        if (!OperatingSystem.IsWindows())
            directory.UnixFileMode |= UnixFileMode.OtherRead | UnixFileMode.OtherExecute | UnixFileMode.GroupRead | UnixFileMode.GroupExecute;
        return directory.FullName;
    }
}
