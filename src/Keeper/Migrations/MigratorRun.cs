using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Npgsql;
using SchemaIsolation.Keeper.Configuration;
using SchemaIsolation.Keeper.Postgres;

namespace SchemaIsolation.Keeper.Migrations;

/// <summary>Runs a migrator to its end.</summary>
internal sealed class MigratorRun
{
    private const int MostLastLines = 20;
    private static readonly TimeSpan OutputGrace = TimeSpan.FromSeconds(1);

    private readonly MigratorCommand migrator;
    private readonly NpgsqlConnectionStringBuilder target;
    private readonly DatabaseAddress address;
    private readonly Action<string> onOutput;
    private readonly Queue<string> lastLines = new();
    private readonly string[] passwordForms;

    private MigratorRun(MigratorCommand migrator, NpgsqlConnectionStringBuilder target, Action<string> onOutput)
    {
        this.migrator = migrator;
        this.target = target;
        address = new DatabaseAddress(target);
        passwordForms = [.. PasswordForms(target.Password), .. PasswordForms(target.SslPassword)];
        this.onOutput = onOutput;
    }

    /// <param name="migrator">What to run.</param>
    /// <param name="target">What it migrates.</param>
    /// <param name="timeLimit">Ends it, with all it has started.</param>
    /// <param name="onOutput">Told each line it writes.</param>
    /// <param name="cancellationToken">Ends it too.</param>
    /// <exception cref="SchemaIsolationException">SI1211: it failed; SI1212: it could not be started; SI1210: it took too long.</exception>
    public static Task RunAsync(
        MigratorCommand migrator, NpgsqlConnectionStringBuilder target, TimeSpan timeLimit, Action<string> onOutput, CancellationToken cancellationToken)
        => new MigratorRun(migrator, target, onOutput).RunAsync(timeLimit, cancellationToken);

    private async Task RunAsync(TimeSpan timeLimit, CancellationToken cancellationToken)
    {
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limited.CancelAfter(timeLimit);
        using var process = Start();
        process.StandardInput.Close();
        await using var kill = limited.Token.Register(() => process.Kill(entireProcessTree: true));
        var reading = Task.WhenAll(ReadAsync(process.StandardOutput, limited.Token), ReadAsync(process.StandardError, limited.Token));
        try
        {
            await process.WaitForExitAsync(limited.Token);

            // What it has started and left running, such as a build server, holds its output open.
            await Task.WhenAny(reading, Task.Delay(OutputGrace, limited.Token));
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw new SchemaIsolationException("SI1210", $"The migrator \"{migrator.Text}\" did not end within its time limit of \"{timeLimit}\". Make it faster or raise the limit. {Tail()}", exception);
        }

        if (process.ExitCode != 0)
            throw new SchemaIsolationException("SI1211", $"The migrator \"{migrator.Text}\" ended with exit code {process.ExitCode}. Correct it, or what it migrates. {Tail()}");
    }

    private Process Start()
    {
        try
        {
            var words = CommandLine.Split(migrator.Text).Select(Fill).ToList();
            var startInfo = new ProcessStartInfo(words[0], words.Skip(1))
            {
                WorkingDirectory = migrator.Directory,
                UseShellExecute = false,
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            };
            foreach (var (name, value) in Variables())
                startInfo.Environment[name] = value;
            foreach (var (name, value) in InheritedVariables().Where(variable => variable.Value is not null))
                startInfo.Environment[name] = value;
            return Process.Start(startInfo)!;
        }
        catch (Exception exception) when (exception is Win32Exception or DirectoryNotFoundException or FormatException)
        {
            throw new SchemaIsolationException("SI1212", $"The migrator \"{migrator.Text}\" cannot be started in \"{migrator.Directory}\". Name a program that is there or on the PATH, and close its quotes: {exception.Message}", exception);
        }
    }

    // In each word on its own: a value with a space or a quote in it stays one argument.
    private string Fill(string word) => Placeholders().Aggregate(word, (text, placeholder) => text.Replace($"{{{placeholder.Name}}}", placeholder.Value, StringComparison.Ordinal));

    private IEnumerable<(string Name, string? Value)> Placeholders() =>
    [
        ("ConnectionString", target.ConnectionString),
        ("Url", address.Url),
        ("Host", address.Host),
        ("Port", address.Port.ToString(CultureInfo.InvariantCulture)),
        ("Database", address.Database),
        ("Username", address.Username),
        ("Password", address.Password),
        ("SearchPath", target.SearchPath),
    ];

    // Null where there is no value, and none may be inherited.
    private IEnumerable<(string Name, string? Value)> Variables() =>
    [
        ("SCHEMAISOLATION_CONNECTION_STRING", target.ConnectionString),
        ("DATABASE_URL", address.Url),
        ("PGHOST", address.Host),
        ("PGPORT", address.Port.ToString(CultureInfo.InvariantCulture)),
        ("PGUSER", address.Username),
        ("PGDATABASE", address.Database),
        ("PGOPTIONS", address.Options),
    ];

    // Where there is no value, what we inherited was good for the keeper's own connections.
    private IEnumerable<(string Name, string? Value)> InheritedVariables() =>
    [
        ("PGPASSWORD", address.Password),
        ("PGPASSFILE", address.Parameter("passfile")),
        ("PGSSLMODE", address.Parameter("sslmode")),
        ("PGSSLROOTCERT", address.Parameter("sslrootcert")),
        ("PGSSLCERT", address.Parameter("sslcert")),
        ("PGSSLKEY", address.Parameter("sslkey")),
    ];

    private async Task ReadAsync(StreamReader reader, CancellationToken cancellationToken)
    {
        while (await reader.ReadLineAsync(cancellationToken) is { } line)
        {
            line = MessageText.Cut(WithoutPassword(line)); // In this order: of one that is cut in the middle a half would be shown.
            onOutput(line);
            lock (lastLines)
            {
                lastLines.Enqueue(line);
                if (lastLines.Count > MostLastLines)
                    lastLines.Dequeue();
            }
        }
    }

    private string WithoutPassword(string line)
        => passwordForms.Aggregate(line, (text, form) => text.Replace(form, "***", StringComparison.Ordinal));

    // As it is, and as addresses, connection strings, SQL and JSON have it.
    private static string[] PasswordForms(string? password)
        => string.IsNullOrEmpty(password)
            ? []
            : [.. new[]
                {
                    password,
                    Uri.EscapeDataString(password),
                    password.Replace("\"", "\"\"", StringComparison.Ordinal),
                    password.Replace("'", "''", StringComparison.Ordinal),
                    JsonEncodedText.Encode(password).ToString(),
                    JsonEncodedText.Encode(password, JavaScriptEncoder.UnsafeRelaxedJsonEscaping).ToString(),
                }.Distinct(StringComparer.Ordinal).OrderByDescending(form => form.Length)];

    private string Tail()
    {
        lock (lastLines)
            return lastLines.Count == 0 ? "It wrote nothing." : $"Its last lines: {string.Join(" | ", lastLines)}";
    }
}
