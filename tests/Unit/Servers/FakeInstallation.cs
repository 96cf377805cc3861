namespace SchemaIsolation.Tests.Unit.Servers;

/// <summary>Directories with shell scripts in place of PostgreSQL's programs.</summary>
internal sealed class FakeInstallation : IDisposable
{
    private const UnixFileMode Executable = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private readonly string root = Directory.CreateTempSubdirectory("si-installation-").FullName;

    public string PathOf(string name) => Path.Join(root, name);

    /// <summary>An installation whose "postgres --version" says so.</summary>
    public string Add(string directory, string version) => AddScript(directory, $"echo 'postgres (PostgreSQL) {version}'");

    /// <summary>An installation whose "postgres" is the script.</summary>
    public string AddScript(string directory, string postgres)
    {
        Write(directory, "initdb", "exit 1");
        Write(directory, "pg_ctl", "exit 1");
        Write(directory, "postgres", postgres);
        return PathOf(directory);
    }

    public string Write(string directory, string program, string script)
    {
        Directory.CreateDirectory(PathOf(directory));
        var path = Path.Join(PathOf(directory), program);
        File.WriteAllText(path, "#!/bin/sh\n" + script + "\n");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, Executable);
        return path;
    }

    public void Dispose() => Directory.Delete(root, recursive: true);
}
