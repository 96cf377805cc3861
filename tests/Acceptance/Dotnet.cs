using System.Diagnostics;
using System.Text;

namespace SchemaIsolation.Tests.Acceptance;

/// <summary>Runs real commands with an environment like a newcomer's shell.</summary>
internal static class Dotnet
{
    // A guard against hangs, far beyond what any of the commands takes.
    private static readonly TimeSpan TimeLimit = TimeSpan.FromMinutes(8);

    public static Task<CommandResult> RunAsync(string directory, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null)
        => RunAsync("dotnet", directory, arguments, environment);

    public static async Task<CommandResult> RunAsync(
        string program, string directory, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null)
    {
        using var process = Start(program, directory, arguments, environment);
        return await WaitAsync(process);
    }

    public static Process Start(string program, string directory, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment)
    {
        var startInfo = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = directory,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };

        // What this test run itself was started with is not the inner run's.
        foreach (var name in Environment.GetEnvironmentVariables().Keys.Cast<string>().Where(IsOfThisRun))
            startInfo.Environment.Remove(name);
        startInfo.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        startInfo.Environment["DOTNET_CLI_USE_MSBUILD_SERVER"] = "0";
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
            startInfo.Environment[name] = value;

        var process = Process.Start(startInfo)!;
        process.StandardInput.Close();
        return process;
    }

    public static async Task<CommandResult> WaitAsync(Process process)
    {
        using var timeLimit = new CancellationTokenSource(TimeLimit);
        var output = new StringBuilder();
        try
        {
            await Task.WhenAll(ReadAsync(process.StandardOutput), ReadAsync(process.StandardError));
            await process.WaitForExitAsync(timeLimit.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"The command did not end within {TimeLimit}. It wrote:\n{output}");
        }

        return new CommandResult(process.ExitCode, output.ToString());

        async Task ReadAsync(StreamReader reader)
        {
            while (await reader.ReadLineAsync(timeLimit.Token) is { } line)
            {
                lock (output)
                    output.AppendLine(line);
            }
        }
    }

    private static bool IsOfThisRun(string name)
        => new[] { "MSBUILD", "VSTEST", "SCHEMAISOLATION", "DOTNET_HOST_PATH", "XUNIT", "TESTINGPLATFORM", "GITHUB_STEP_SUMMARY" }
            .Any(prefix => name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase));
}
