using System.Globalization;
using SchemaIsolation.Keeper.Configuration;
using SchemaIsolation.Keeper.Postgres;
using SchemaIsolation.Keeper.Reporting;
using SchemaIsolation.Keeper.Sessions;
using SchemaIsolation.Keeper.Templates;
using SchemaIsolation.Keeper.TestDatabases;

namespace SchemaIsolation.Keeper.Commands;

/// <summary>The server of a project while a command works on it, and what of the project is there.</summary>
internal sealed class ToolServer : IAsyncDisposable
{
    private readonly KeeperLog log;
    private readonly TimeProvider time;

    private ToolServer(Options options, SessionServer server, IReadOnlyDictionary<string, TemplateSource> sources, KeeperLog log, TimeProvider time)
    {
        Options = options;
        Server = server;
        Sources = sources;
        this.log = log;
        this.time = time;
    }

    public Options Options { get; }

    public SessionServer Server { get; }

    public PostgresServer Postgres => Server.Postgres;

    /// <summary>Until when an embedded server runs on after the command; null when it does not.</summary>
    public DateTimeOffset? KeptUntil => Server.IsEmbedded && Options.KeepServer > TimeSpan.Zero ? time.GetUtcNow() + Options.KeepServer : null;

    /// <summary>By the templates' names.</summary>
    public IReadOnlyDictionary<string, TemplateSource> Sources { get; }

    /// <summary>Null where the project names none.</summary>
    public TestDatabase? TestDatabase
        => Options.TestDatabase is { } name ? new(Postgres, DatabaseName.ForTest(name), Options.ProjectDirectory, Sources.GetValueOrDefault(TemplateOptions.DefaultName), time, log.MigratorWrote) : null;

    /// <exception cref="SchemaIsolationException">SI1209: the project has no migrations.</exception>
    public TemplateSource Default => Sources.GetValueOrDefault(TemplateOptions.DefaultName)
        ?? throw TestDatabase.NoMigrations();

    public TemplateStore Store(TemplateSource source) => new(Postgres, source, log.MigratorWrote, time);

    /// <exception cref="SchemaIsolationException">SI1001, SI1002, SI1101 to SI1124, SI1201 to SI1205, SI4011: the configuration is wrong, no server can be had, or files cannot be read.</exception>
    /// <param name="run">Whose project.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <param name="isAnywhere">Whether a directory without a project will do.</param>
    public static async Task<ToolServer> OpenAsync(ToolRun run, CancellationToken cancellationToken, bool isAnywhere = false)
    {
        var options = run.ReadOptions();
        if (!isAnywhere)
            RequireProject(options);
        var log = run.OpenLog();
        var sources = TemplateSource.ReadAll(options);
        var server = await run.WorkAsync(options.Server is null ? "Starting the server" : "Connecting to the server", _ => SessionServer.OpenAsync(options, run.Time, cancellationToken));
        if (server.DataLost is { } reason)
            log.ServerDataLost(reason);
        return new ToolServer(options, server, sources, log, run.Time);
    }

    /// <summary>Builds the default template, unless it is there, as a session does: whether for schemas is proved, not assumed.</summary>
    public async Task<IReadOnlyList<ReportedTemplate>> PrepareTemplateAsync(ToolRun run, CancellationToken cancellationToken)
    {
        var report = await run.WorkAsync("Preparing the template", _ => RunSessionAsync(run, cancellationToken));
        foreach (var template in report.Templates)
            run.Say(string.Create(CultureInfo.InvariantCulture, $"{(template.IsReused ? "found" : "built")} template \"{template.Template}\" as {template.Name} ({template.Milliseconds:0} ms)"));
        return report.Templates;
    }

    /// <exception cref="SchemaIsolationException">SI4001: the project names none.</exception>
    public TestDatabase RequireTestDatabase()
        => TestDatabase ?? throw new SchemaIsolationException("SI4001", "The project names no test database of its own. Set TestDatabase, for example to \"shop_test\" for a project Shop; tests need none.");

    // The server of no project would be another than the tests', with nothing on it, and all that is asked of it would be well.
    private static void RequireProject(Options options)
    {
        if (options is { Server: null, ServerBinaries: null } && !IsProject(options.ProjectDirectory))
            throw new SchemaIsolationException("SI4011", $"There is no project in \"{options.ProjectDirectory}\", and no Server is set, so that it cannot be told whose server is meant. Run this in the test project's directory, or name that with --project.");
    }

    // One of published tests is recognised by what .NET starts them with.
    private static bool IsProject(string directory)
        => Directory.EnumerateFiles(directory, "*.*proj").Concat(Directory.EnumerateFiles(directory, "*.runtimeconfig.json")).Any();

    // Without tests: what it begins with is what is wanted.
    private async Task<SessionReport> RunSessionAsync(ToolRun run, CancellationToken cancellationToken)
    {
        // What keeps it from starting is thrown, and told once.
        var isStarting = true;
        var session = Session.Start(
            Options with { Inject = [], Sweep = [], MinSlots = 0, KeepFailed = 0 },
            new KeeperLog(time, entry =>
            {
                if (entry.Level == LogLevel.Warning || (entry.Level == LogLevel.Error && !isStarting))
                    Console.Error.WriteLine(entry.Message);
            }),
            time);
        try
        {
            await session.WaitUntilProvisionedAsync(cancellationToken);
        }
        catch
        {
            await session.EndAsync();
            throw;
        }

        isStarting = false;
        return await session.EndAsync();
    }

    public async ValueTask DisposeAsync()
    {
        // It leaves after us: who is the last keeps the server.
        var keeper = KeptUntil is null ? null : await KeepCommand.StartAsync(Options.ProjectDirectory);
        await Server.LeaveAsync(TimeSpan.Zero);
        if (keeper is not null)
            await keeper.DisposeAsync();
        await Server.SettleAsync(CancellationToken.None);
    }
}
