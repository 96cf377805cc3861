using SchemaIsolation.Keeper.Servers;
using SchemaIsolation.Testing;

namespace SchemaIsolation.Tests.PostgreSql.Sessions;

/// <summary>A file system of its own that is soon full.</summary>
internal sealed class SmallDisk : IAsyncDisposable
{
    private SmallDisk(string path) => Path = path;

    public string Path { get; }

    public static async Task<SmallDisk> MountAsync()
    {
        var path = ReachableDirectory.Create();
        await ServerTool.RunAsync("mount", ["-t", "tmpfs", "-o", "size=150m,mode=755", "tmpfs", path], asServerUser: false, CancellationToken.None);
        return new SmallDisk(path);
    }

    public async Task<ServerBinaries> FindBinariesAsync()
    {
        using var project = new ProjectDirectory();
        return project.Configure(server: null).ServerBinaries is { } chosen
            ? await ServerBinaries.OpenAsync(chosen, CancellationToken.None)
            : await ServerBinaries.FindAsync(version: null, CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        // Lazily: what is left of a server that is ending has its files still open.
        await ServerTool.RunAsync("umount", ["--lazy", Path], asServerUser: false, CancellationToken.None);
        Directory.Delete(Path);
    }
}
