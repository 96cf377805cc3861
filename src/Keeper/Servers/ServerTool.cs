using System.ComponentModel;
using System.Diagnostics;

namespace SchemaIsolation.Keeper.Servers;

/// <summary>Runs a program to its end.</summary>
internal static class ServerTool
{
    /// <returns>What it wrote to its standard output.</returns>
    /// <exception cref="SchemaIsolationException">SI1106: it cannot be run, or failed; with the last lines it wrote.</exception>
    public static async Task<string> RunAsync(
        string program, IReadOnlyList<string> arguments, bool asServerUser, CancellationToken cancellationToken)
    {
        var startInfo = new ProcessStartInfo(program, arguments)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        // The user's PGPORT, PGDATA and the like are about another server.
        foreach (var name in startInfo.Environment.Keys.Where(name => name.StartsWith("PG", StringComparison.Ordinal)).ToList())
            startInfo.Environment.Remove(name);
        startInfo.Environment["LC_ALL"] = "C"; // Their messages are read by people who search for them.
        if (asServerUser)
            ServerUser.Apply(startInfo);

        try
        {
            using var process = Process.Start(startInfo)!;
            await using var kill = cancellationToken.Register(() => process.Kill(entireProcessTree: true));
            process.StandardInput.Close();
            var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
            var error = process.StandardError.ReadToEndAsync(cancellationToken);
            await process.WaitForExitAsync(cancellationToken);
            if (process.ExitCode == 0)
                return await output;
            throw Failed(program, $"exit code {process.ExitCode}: {LastLines(await error + await output)}", innerException: null);
        }
        catch (Win32Exception exception)
        {
            throw Failed(program, exception.Message, exception);
        }
    }

    public static string LastLines(string text)
        => string.Join(" | ", text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).TakeLast(5));

    private static SchemaIsolationException Failed(string program, string why, Exception? innerException)
        => new("SI1106", $"The embedded server could not be set up, because \"{program}\" failed. Correct the cause, or name a server in Server: {why}", innerException);
}
