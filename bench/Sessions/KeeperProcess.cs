using System.Diagnostics;
using System.Xml.Linq;
using SchemaIsolation.Bench.Servers;
using SchemaIsolation.Bench.Suites;
using SchemaIsolation.Keeper.Configuration;

namespace SchemaIsolation.Bench.Sessions;

/// <summary>The keeper of one session, as it was published, started and spoken to as the collector does.</summary>
internal sealed class KeeperProcess : IAsyncDisposable
{
    private readonly Process process;
    private readonly Dictionary<string, string> variables = [];
    private readonly TaskCompletionSource ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<string> ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task reading;
    private string report = string.Empty;

    private KeeperProcess(Process process)
    {
        this.process = process;
        reading = ReadMessagesAsync();
    }

    public TimeSpan Processor
    {
        get
        {
            process.Refresh();
            return process.TotalProcessorTime;
        }
    }

    /// <exception cref="InvalidOperationException">The keeper refused, with its reason.</exception>
    public static async Task<KeeperProcess> StartAsync(BenchServer server, Suite suite, Reuse reuse, CancellationToken cancellationToken)
    {
        var startInfo = new ProcessStartInfo("dotnet", ["exec", RepositoryFiles.Keeper, "session"])
        {
            WorkingDirectory = server.Temporary,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        startInfo.Environment["TMPDIR"] = server.Temporary;
        var configuration = new XElement(
            "Configuration",
            new XElement("Server", server.ConnectionString("postgres")),
            new XElement("Migrations", suite.Migrations),
            new XElement(nameof(Reuse), reuse));
        var keeper = new KeeperProcess(Process.Start(startInfo)!);
        try
        {
            await keeper.WriteAsync(new XElement(
                "start",
                new XAttribute("configuration", configuration.ToString(SaveOptions.DisableFormatting)),
                new XAttribute("directory", server.Temporary)));
            await keeper.ready.Task.WaitAsync(cancellationToken);
            return keeper;
        }
        catch
        {
            await keeper.DisposeAsync();
            throw;
        }
    }

    /// <summary>Makes this process the test process of the session, until another session's variables are set.</summary>
    public void SetVariables()
    {
        foreach (var (name, value) in variables)
            Environment.SetEnvironmentVariable(name, value);
    }

    /// <summary>What the collector says at the end of the session. Waits until the keeper has swept.</summary>
    public async Task<EndedSession> EndAsync(CancellationToken cancellationToken)
    {
        await WriteAsync(new XElement("end"));
        return await EndedSession.ReadAsync(await ended.Task.WaitAsync(cancellationToken), cancellationToken);
    }

    /// <summary>What the keeper sees when the collector is gone. Waits until it has swept and gone too.</summary>
    public async ValueTask DisposeAsync()
    {
        process.StandardInput.Close();
        await process.WaitForExitAsync();
        await reading;
        process.Dispose();
    }

    private async Task WriteAsync(XElement message)
    {
        await process.StandardInput.WriteLineAsync(message.ToString(SaveOptions.DisableFormatting));
        await process.StandardInput.FlushAsync();
    }

    // All the time: a keeper whose pipe is full would wait for its reader.
    private async Task ReadMessagesAsync()
    {
        while (await process.StandardOutput.ReadLineAsync() is { } line)
            Receive(XElement.Parse(line));
        var gone = new InvalidOperationException("The keeper has ended without a word.");
        ready.TrySetException(gone);
        ended.TrySetException(gone);
    }

    private void Receive(XElement message)
    {
        switch (message.Name.LocalName)
        {
            case "environment":
                variables[message.Attribute("name")!.Value] = message.Attribute("value")!.Value;
                break;
            case "ready":
                ready.TrySetResult();
                break;
            case "attachment":
                report = message.Attribute("path")!.Value;
                break;
            case "ended":
                ended.TrySetResult(report);
                break;
            case "refusal":
                var refusal = new InvalidOperationException(message.Attribute("text")!.Value);
                ready.TrySetException(refusal);
                ended.TrySetException(refusal);
                break;
            case "busy":
                break;
            default:
                Console.Error.WriteLine($"{message.Name}: {message.Attribute("text")?.Value}");
                break;
        }
    }
}
