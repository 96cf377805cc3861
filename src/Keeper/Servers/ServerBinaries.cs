using System.Globalization;
using System.Text.RegularExpressions;
using SchemaIsolation.Keeper.Postgres;

namespace SchemaIsolation.Keeper.Servers;

/// <summary>The programs of one PostgreSQL installation.</summary>
internal sealed partial record ServerBinaries(string Directory, int MajorVersion)
{
    public const int OldestVersion = PostgresServer.OldestVersion;
    public const int NewestVersion = 18;

    // Where packages and installers put them; "*" is one directory, and the highest number in its place is the newest.
    private static readonly string[] Places =
    [
        "/usr/lib/postgresql/*/bin", // Debian, Ubuntu
        "/usr/pgsql-*/bin", // PGDG on Fedora, RHEL
        "/usr/libexec/postgresql*", // Alpine
        "/opt/homebrew/opt/postgresql@*/bin",
        "/usr/local/opt/postgresql@*/bin",
        "/home/linuxbrew/.linuxbrew/opt/postgresql@*/bin",
        "/Applications/Postgres.app/Contents/Versions/*/bin",
        "C:/Program Files/PostgreSQL/*/bin",
    ];

    private static readonly string[] Programs = ["initdb", "pg_ctl", "postgres"];

    /// <summary>The server package they came in; null for an installation on the machine.</summary>
    public ServerPackage? Package { get; init; }

    /// <summary>What data made by these is kept under. Another installation of the same version may lack an extension, or sort differently.</summary>
    public string DataName => MajorVersion.ToString(CultureInfo.InvariantCulture) + (Package is null ? string.Empty : "-package");

    public string Initdb => Program("initdb");

    public string PgCtl => Program("pg_ctl");

    /// <summary>The newest installation on this machine that works.</summary>
    /// <param name="version">The major version that is wanted; null for the newest.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    /// <exception cref="SchemaIsolationException">SI1105: there is none; the message lists what was looked for.</exception>
    public static Task<ServerBinaries> FindAsync(int? version, CancellationToken cancellationToken)
    {
        var path = (Environment.GetEnvironmentVariable("PATH") ?? string.Empty).Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        return FindAsync(Places, path, version, cancellationToken);
    }

    internal static async Task<ServerBinaries> FindAsync(
        IReadOnlyList<string> places, IReadOnlyList<string> path, int? version, CancellationToken cancellationToken)
    {
        var found = new List<ServerBinaries>();
        var broken = new List<string>();
        foreach (var directory in places.SelectMany(Expand).Concat(path).Where(HoldsPrograms))
        {
            try
            {
                found.Add(await OpenAsync(directory, cancellationToken));
            }
            catch (SchemaIsolationException exception)
            {
                broken.Add(exception.Reason);
            }
        }

        // The first of the newest: the places are more specific than the path.
        var wanted = version is null ? $"{OldestVersion} to {NewestVersion}" : $"{version}, as ServerVersion asks for,";
        return found.Where(binaries => version is null ? binaries.MajorVersion is >= OldestVersion and <= NewestVersion : binaries.MajorVersion == version).MaxBy(binaries => binaries.MajorVersion)
            ?? throw new SchemaIsolationException(
                "SI1105",
                $"No server is configured, the test project references no {ServerPackage.Name} that fits, and no PostgreSQL {wanted} was found on the machine. Looked for initdb, pg_ctl and postgres in "
                + $"{string.Join(", ", places)} and PATH{Unusable(found)}{string.Concat(broken.Select(reason => $"; {reason}"))}. Add the programs to the project (\"dotnet add package {ServerPackage.Name}\"), "
                + "install them (\"apt-get install postgresql\", \"brew install postgresql@18\"), "
                + "name their directory in ServerBinaries, or a running server in Server (\"docker run -d -p 5432:5432 -e POSTGRES_PASSWORD=test postgres\" is one at \"postgres://postgres:test@localhost\").");
    }

    /// <exception cref="SchemaIsolationException">SI1105: the directory does not hold the programs.</exception>
    public static async Task<ServerBinaries> OpenAsync(string directory, CancellationToken cancellationToken)
    {
        if (!HoldsPrograms(directory))
            throw new SchemaIsolationException("SI1105", $"\"{directory}\" in ServerBinaries does not hold initdb, pg_ctl and postgres. Name the \"bin\" directory of a PostgreSQL installation, or leave ServerBinaries out to have one looked for.");

        var output = await ServerTool.RunAsync(Path.Combine(directory, Executable("postgres")), ["--version"], asServerUser: false, cancellationToken);
        var version = MajorVersionIn().Match(output);
        return new ServerBinaries(directory, version.Success ? int.Parse(version.Value, CultureInfo.InvariantCulture) : 0);
    }

    public static bool HoldsPrograms(string directory)
        => Programs.All(program => File.Exists(Path.Combine(directory, Executable(program))));

    private static string Unusable(List<ServerBinaries> found)
        => found.Count == 0 ? string.Empty : $"; found only {string.Join(", ", found.Select(binaries => $"{binaries.MajorVersion} in {binaries.Directory}"))}";

    private static IEnumerable<string> Expand(string place)
    {
        var star = place.IndexOf('*', StringComparison.Ordinal);
        var parent = place[..place.LastIndexOf('/', star)];
        var rest = place[(parent.Length + 1)..].Split('/', 2);
        return System.IO.Directory.Exists(parent)
            ? System.IO.Directory.EnumerateDirectories(parent, rest[0]).Select(directory => rest.Length == 1 ? directory : Path.Combine(directory, rest[1]))
            : [];
    }

    private static string Executable(string program) => OperatingSystem.IsWindows() ? program + ".exe" : program;

    private string Program(string name) => Path.Combine(Directory, Executable(name));

    [GeneratedRegex("(?<=\\) )[0-9]+", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex MajorVersionIn();
}
