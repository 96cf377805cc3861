using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Npgsql;

namespace SchemaIsolation.Keeper.Postgres;

/// <summary>Whose a session is, as the server shows it beside the session's lock: as the name of its application.</summary>
/// <param name="Process">The keeper's process id, on its machine.</param>
/// <param name="Host">The machine, cut.</param>
/// <param name="Mark">Of the whole name of the machine and of its user, as others may be called alike.</param>
/// <param name="Project">The test project.</param>
internal sealed partial record SessionHolder(int Process, string Host, string Mark, string Project)
{
    // The server cuts such names at 63 bytes, and the project is said last.
    private const int MostOfHost = 16;
    private const int MarkLength = 6;

    public static SessionHolder Current(string projectDirectory)
        => new(Environment.ProcessId, Environment.MachineName[..Math.Min(MostOfHost, Environment.MachineName.Length)], MarkOf(Environment.MachineName, Environment.UserName), Path.GetFileName(Path.TrimEndingDirectorySeparator(projectDirectory)));

    /// <returns>Null for an application that is no session's.</returns>
    public static SessionHolder? TryParse(string application)
        => Shown().Match(application) is { Success: true } match && int.TryParse(match.Groups["process"].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var process)
            ? new SessionHolder(process, match.Groups["host"].Value, match.Groups["mark"].Value, match.Groups["project"].Value)
            : null;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"schema-isolation {Process}@{Host}~{Mark} {Project}");

    /// <summary>Has the server list the connection so.</summary>
    public async Task ShowAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(Sql.ShowApplication, connection);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = ToString() });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static string MarkOf(string machine, string user)
        => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes($"{machine}\n{user}"))).ToLowerInvariant()[..MarkLength];

    [GeneratedRegex("^schema-isolation (?<process>[0-9]+)@(?<host>[^ ]*)~(?<mark>[0-9a-f]+) (?<project>.*)$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.Singleline, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Shown();
}
