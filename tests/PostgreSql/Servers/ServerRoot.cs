using System.Diagnostics;
using System.Globalization;
using SchemaIsolation.Keeper.Servers;
using SchemaIsolation.Testing;

namespace SchemaIsolation.Tests.PostgreSql.Servers;

/// <summary>The root directory of an embedded server of one test.</summary>
internal sealed class ServerRoot : IDisposable
{
    private readonly ServerBinaries binaries;
    private readonly string temporary;

    private ServerRoot(ServerBinaries binaries, string below)
    {
        this.binaries = binaries;
        temporary = ReachableDirectory.CreateForServer();
        Path = System.IO.Path.Combine(temporary, below);
    }

    public string Path { get; }

    public string Name => binaries.DataName;

    public string Cluster => System.IO.Path.Combine(Path, Name, "cluster");

    /// <summary>Which start of the machine wrote the data, while that may not be on the disk.</summary>
    public string Boot => System.IO.Path.Combine(Path, Name, "boot");

    public string ProcessFile => System.IO.Path.Combine(Cluster, "data", "postmaster.pid");

    /// <param name="below">Where in its temporary directory the root is; the directory itself unless given.</param>
    public static async Task<ServerRoot> CreateAsync(string below = "")
    {
        // As a session would: the environment may choose the version that all tests run on.
        using var project = new ProjectDirectory();
        var binaries = project.Configure(server: null).ServerBinaries is { } chosen
            ? await ServerBinaries.OpenAsync(chosen, CancellationToken.None)
            : await ServerBinaries.FindAsync(version: null, CancellationToken.None);
        return new ServerRoot(binaries, below);
    }

    public string PgCtl => binaries.PgCtl;

    public Task<EmbeddedServer> StartAsync() => EmbeddedServer.StartAsync(binaries, Path, TimeProvider.System, CancellationToken.None);

    public Task PretendAnotherBootAsync() => File.WriteAllTextAsync(Boot, $"{Guid.NewGuid()} {Guid.NewGuid()}");

    public int ReadProcessId() => int.Parse(File.ReadLines(ProcessFile).First(), CultureInfo.InvariantCulture);

    /// <summary>Kills the server's own process, which takes no children with it.</summary>
    public async Task KillServerAsync()
    {
        using var process = Process.GetProcessById(ReadProcessId());
        process.Kill();
        await process.WaitForExitAsync();
    }

    /// <summary>What an administrator does: <c>pg_ctl restart</c>, <c>stop</c>, <c>start</c>, waited for.</summary>
    public Task ControlAsync(params string[] arguments)
        => ServerTool.RunAsync(
            binaries.PgCtl,
            [.. arguments, "-D", System.IO.Path.Combine(Cluster, "data"), "-l", System.IO.Path.Combine(Cluster, "server.log"), "-w", "-s"],
            asServerUser: true,
            CancellationToken.None);

    public void Dispose() => Directory.Delete(temporary, recursive: true);
}
