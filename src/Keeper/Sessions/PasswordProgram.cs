using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using SchemaIsolation.Keeper.Postgres;
using SchemaIsolation.Keeper.Servers;

namespace SchemaIsolation.Keeper.Sessions;

/// <summary>A program that prints a password, as the command lines of clouds do.</summary>
/// <param name="text">The program and its arguments, with placeholders.</param>
/// <param name="directory">Where it is run.</param>
/// <param name="address">For whose server and role.</param>
/// <param name="timeLimit">Ends it, with all it has started.</param>
internal sealed class PasswordProgram(string text, string directory, ServerAddress address, TimeSpan timeLimit)
{
    /// <summary>Such programs ask a network.</summary>
    public static readonly TimeSpan UsualTimeLimit = TimeSpan.FromSeconds(30);

    // Host and port apart, whatever they were written as.
    private readonly DatabaseAddress place = new(address.For(string.Empty));

    /// <returns>The first line that it prints.</returns>
    /// <exception cref="SchemaIsolationException">SI1121: it cannot be started; SI1122: it failed, printed nothing or took too long.</exception>
    public async Task<string> AskAsync(CancellationToken cancellationToken)
    {
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limited.CancelAfter(timeLimit);
        using var process = Start();
        await using var kill = limited.Token.Register(() => process.Kill(entireProcessTree: true));
        process.StandardInput.Close();
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(limited.Token);
            var errors = process.StandardError.ReadToEndAsync(limited.Token);
            await process.WaitForExitAsync(limited.Token);
            var printed = (await output).Split('\n', StringSplitOptions.TrimEntries);
            var password = printed[0];
            if (process.ExitCode != 0)
                throw Failed($"ended with exit code {process.ExitCode}", await errors, printed);
            return password.Length > 0 ? password : throw Failed("printed no password on the first line of its standard output", await errors, printed);
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw new SchemaIsolationException("SI1122", $"{Subject} did not end within its time limit of {timeLimit.TotalSeconds:0} s. Make it faster, and have it ask nobody.", exception);
        }
    }

    // Its arguments may be as secret as what it prints.
    private string Subject => $"The PasswordCommand \"{CommandLine.Split(text)[0]}\"";

    private Process Start()
    {
        try
        {
            var words = CommandLine.Split(text).Select(Fill).ToList();
            return Process.Start(new ProcessStartInfo(words[0], words.Skip(1))
            {
                WorkingDirectory = directory,
                UseShellExecute = false,
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
        }
        catch (Exception exception) when (exception is Win32Exception or DirectoryNotFoundException)
        {
            throw new SchemaIsolationException("SI1121", $"{Subject} cannot be started in \"{directory}\". Name a program that is there or on the PATH: {exception.Message}", exception);
        }
    }

    private string Fill(string word) => word
        .Replace("{Host}", place.Host, StringComparison.Ordinal)
        .Replace("{Port}", place.Port.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
        .Replace("{Username}", place.Username ?? Environment.GetEnvironmentVariable("PGUSER") ?? Environment.UserName, StringComparison.Ordinal);

    // What it printed may be a password whatever it ended with, and may stand in its complaints as well.
    private SchemaIsolationException Failed(string how, string errors, IReadOnlyList<string> printed)
    {
        var lines = ServerTool.LastLines(printed.Where(line => line.Length > 0).Aggregate(errors, (text, line) => text.Replace(line, "***", StringComparison.Ordinal)));
        return new SchemaIsolationException(
            "SI1122", $"{Subject} {how}. Run it by hand, and correct it or what it needs: {(lines.Length == 0 ? "it wrote nothing to its standard error." : MessageText.Cut(lines))}");
    }
}
