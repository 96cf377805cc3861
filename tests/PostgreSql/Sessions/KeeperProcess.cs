using System.Diagnostics;
using System.Xml.Linq;
using SchemaIsolation.Keeper.Postgres;
using SchemaIsolation.Keeper.Reporting;
using SchemaIsolation.Wire;

namespace SchemaIsolation.Tests.PostgreSql.Sessions;

/// <summary>A keeper in a process of its own, started and spoken to as the collector does.</summary>
internal sealed class KeeperProcess : IAsyncDisposable
{
    // As it was built for itself: what the tests' own framework holds for them is not beside their copy.
    private static readonly string Keeper = Path.Combine(
        AppContext.BaseDirectory, "..", "..", "SchemaIsolation.Keeper", new DirectoryInfo(AppContext.BaseDirectory).Name, "SchemaIsolation.Keeper.dll");

    private readonly Process process;
    private readonly Dictionary<string, string> variables;

    private KeeperProcess(Process process, Dictionary<string, string> variables)
    {
        this.process = process;
        this.variables = variables;
    }

    /// <summary>What it has attached to the run: the report, as JSON. Null before its end.</summary>
    public string? Report { get; private set; }

    public SessionId Id => SessionId.Parse(variables[SessionVariables.IdVariable]);

    /// <param name="projectDirectory">Whose options it reads.</param>
    /// <param name="temporaryDirectory">Where it keeps what is on disk.</param>
    /// <param name="launcher">A program, with its arguments, that becomes the keeper.</param>
    public static async Task<KeeperProcess> StartAsync(string projectDirectory, string temporaryDirectory, params string[] launcher)
    {
        string[] words = [.. launcher, "dotnet", "exec", Keeper, "session"];
        var startInfo = new ProcessStartInfo(words[0], words[1..])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        startInfo.Environment["TMPDIR"] = temporaryDirectory;
        startInfo.Environment["SCHEMAISOLATION__ServerDirectory"] = projectDirectory; // For what is kept of runs, in place of the user's.
        startInfo.Environment.Remove(StepSummary.Variable);
        var process = Process.Start(startInfo)!;
        await WriteAsync(process, new XElement("start", new XAttribute("configuration", "<Configuration/>"), new XAttribute("directory", projectDirectory)));
        return new KeeperProcess(process, await ReadVariablesAsync(process));
    }

    public Task<TestLease> LeaseAsync(LeaseKind kind = LeaseKind.Schema)
        => TestLease.TakeAsync(
            variables[SessionVariables.EndpointVariable],
            new LeaseRequest(LeaseRequest.CurrentProtocol, variables[SessionVariables.TokenVariable], kind, LeaseContent.Migrated, "a test"),
            CancellationToken.None);

    /// <summary>SIGKILL.</summary>
    public async Task KillAsync()
    {
        process.Kill();
        await process.WaitForExitAsync();
    }

    /// <summary>What the keeper sees when the collector dies. Waits until it has swept.</summary>
    public async Task LoseOwnerAsync()
    {
        process.StandardInput.Close();
        await process.WaitForExitAsync();
    }

    /// <summary>What the collector says at the end of the session. Waits until the keeper has swept and gone.</summary>
    /// <returns>What the keeper said, warnings and errors included.</returns>
    public async Task<string> EndAsync()
    {
        await WriteAsync(process, new XElement("end"));
        var said = new List<string>();
        while (await process.StandardOutput.ReadLineAsync() is { } line && XElement.Parse(line).Name != "ended")
        {
            said.Add(line);
            if (XElement.Parse(line) is { Name.LocalName: "attachment" } attachment && attachment.Attribute("path")!.Value is var path && path.EndsWith(SessionReport.FileName, StringComparison.Ordinal))
                Report = await File.ReadAllTextAsync(path);
        }

        await LoseOwnerAsync();
        return string.Join('\n', said);
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
            await KillAsync();
        process.Dispose();
    }

    private static async Task WriteAsync(Process process, XElement message)
    {
        await process.StandardInput.WriteLineAsync(message.ToString(SaveOptions.DisableFormatting));
        await process.StandardInput.FlushAsync();
    }

    private static async Task<Dictionary<string, string>> ReadVariablesAsync(Process process)
    {
        var variables = new Dictionary<string, string>(StringComparer.Ordinal);
        while (true)
        {
            var message = XElement.Parse(await process.StandardOutput.ReadLineAsync() ?? throw new EndOfStreamException("The keeper said nothing."));
            if (message.Name == "ready")
                return variables;
            if (message.Name == "busy")
                continue;
            if (message.Name != "environment")
                throw new InvalidOperationException($"The keeper said {message}.");
            variables[message.Attribute("name")!.Value] = message.Attribute("value")!.Value;
        }
    }
}
