using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;
using SchemaIsolation.Keeper.Configuration;
using SchemaIsolation.Keeper.Postgres;
using SchemaIsolation.Keeper.Sessions;

namespace SchemaIsolation.Keeper.Commands;

/// <summary>Keeps the embedded server for as long as KeepServer says after a command, as a keeper does after a run: a process of its own, for which nobody waits.</summary>
internal static class KeepCommand
{
    public const string Name = "keep";

    private const string Ready = "ready";
    private const string Kept = "kept";

    /// <summary>Starts that process. It uses the server until it is disposed, and keeps it then.</summary>
    /// <returns>Null when it could not be started, which people are told.</returns>
    public static async Task<IAsyncDisposable?> StartAsync(string projectDirectory)
    {
        // Its streams are its own: who reads ours waits for all that hold them. On Windows, which is untested, it inherits ours all the same.
        var startInfo = new ProcessStartInfo(Environment.ProcessPath!) { UseShellExecute = false, CreateNoWindow = true, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        if (Path.GetFileNameWithoutExtension(startInfo.FileName) == "dotnet")
        {
            startInfo.ArgumentList.Add("exec");
            startInfo.ArgumentList.Add(typeof(KeepCommand).Assembly.Location);
        }

        startInfo.ArgumentList.Add(Name);
        startInfo.ArgumentList.Add(projectDirectory);
        try
        {
            var keeper = Process.Start(startInfo)!;
            if (await keeper.StandardOutput.ReadLineAsync() == Ready)
                return new Keeper(keeper);
            await Console.Error.WriteLineAsync($"The server is not kept: {await keeper.StandardError.ReadToEndAsync()}");
        }
        catch (Exception exception) when (exception is Win32Exception or IOException or InvalidOperationException)
        {
            await Console.Error.WriteLineAsync($"The server is not kept: {exception.Message}");
        }

        return null;
    }

    public static async Task<int> RunAsync(string projectDirectory)
    {
        // Of a terminal, which are meant for the command that has started us.
        using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, context => context.Cancel = true);
        using var hungUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, context => context.Cancel = true);
        try
        {
            var options = OptionsReader.Read(projectDirectory, configurationXml: null);
            await using var server = await SessionServer.OpenAsync(options, TimeProvider.System, CancellationToken.None);
            await Console.Out.WriteLineAsync(Ready);
            await Console.In.ReadToEndAsync(); // Its end is that of the command, however that came.
            await server.LeaveAsync(options.KeepServer);
            await Console.Out.WriteLineAsync(Kept);
            await SessionCommand.SettleAsync(server.SettleAsync);
            return ToolRun.Done;
        }
        catch (Exception exception)
        {
            await Console.Error.WriteLineAsync((ServerFailure.Find(exception) ?? Defect.Describe(exception)).Message);
            return ToolRun.Wrong;
        }
    }

    private sealed class Keeper(Process process) : IAsyncDisposable
    {
        // It has left when it says so, or ended: the next command finds the server kept, and used by nobody.
        public async ValueTask DisposeAsync()
        {
            process.StandardInput.Dispose();
            await process.StandardOutput.ReadLineAsync();
            process.Dispose();
        }
    }
}
