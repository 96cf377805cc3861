using System.Diagnostics;

namespace SchemaIsolation.Tests.Acceptance;

/// <summary>A file that a program under test creates when it has come to a certain point.</summary>
internal static class FileSignal
{
    private static readonly TimeSpan TimeLimit = TimeSpan.FromMinutes(1);

    /// <returns>The file's content.</returns>
    public static async Task<string> WaitAsync(string path, Process writer)
    {
        using var watcher = new FileSystemWatcher(Path.GetDirectoryName(path)!, Path.GetFileName(path));
        var created = new TaskCompletionSource();
        watcher.Created += (_, _) => created.TrySetResult();
        watcher.Renamed += (_, _) => created.TrySetResult();
        watcher.EnableRaisingEvents = true;
        if (!File.Exists(path))
        {
            var exited = writer.WaitForExitAsync();
            var first = await Task.WhenAny(created.Task, exited, Task.Delay(TimeLimit));
            Assert.True(first == created.Task, first == exited ? await writer.StandardOutput.ReadToEndAsync() : "The program did not come to the signal in time.");
        }

        return await File.ReadAllTextAsync(path);
    }
}
