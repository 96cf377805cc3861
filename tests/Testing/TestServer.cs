using Npgsql;
using SchemaIsolation.Keeper.Postgres;
using SchemaIsolation.Keeper.Servers;
using Xunit;

namespace SchemaIsolation.Testing;

/// <summary>A PostgreSQL for the tests of one assembly, in a directory of its own, gone with them.</summary>
public class TestServer : IAsyncLifetime
{
    /// <summary>The option's own variable: set, it chooses the version that all tests run on.</summary>
    private const string BinariesVariable = "SCHEMAISOLATION__ServerBinaries";

    private string root = "";
    private EmbeddedServer? embedded;
    private PostgresServer? postgres;
    private int lastDatabase;

    internal PostgresServer Postgres => postgres ?? throw new InvalidOperationException("The server has not been started.");

    internal ServerAddress Address => Postgres.Address;

    /// <summary>The directory under which an embedded server is found that is this one.</summary>
    public string Root => root;

    /// <summary>The programs it was started from.</summary>
    public string Binaries { get; private set; } = "";

    public virtual async ValueTask InitializeAsync()
    {
        root = ReachableDirectory.CreateForServer();
        var binaries = Environment.GetEnvironmentVariable(BinariesVariable) is { Length: > 0 } directory
            ? await ServerBinaries.OpenAsync(directory, CancellationToken.None)
            : await ServerBinaries.FindAsync(version: null, CancellationToken.None);
        Binaries = binaries.Directory;
        embedded = await EmbeddedServer.StartAsync(binaries, root, TimeProvider.System, CancellationToken.None);
        postgres = await PostgresServer.ConnectAsync(embedded.Address, "postgres", CancellationToken.None);
    }

    /// <summary>What a run is told to use it, as variables of its environment.</summary>
    public virtual IReadOnlyDictionary<string, string> Variables => new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["SCHEMAISOLATION__ServerDirectory"] = Root,
        ["SCHEMAISOLATION__ServerBinaries"] = Binaries,
    };

    /// <summary>A database in which sessions have schemas; null where they have databases.</summary>
    public virtual string? SharedDatabase => null;

    /// <summary>Another connection to the server, as another keeper has it.</summary>
    internal Task<PostgresServer> ConnectAsync() => PostgresServer.ConnectAsync(Address, "postgres", CancellationToken.None);

    /// <summary>An empty database with a name that is not one of ours.</summary>
    public async Task<TestDatabase> CreateDatabaseAsync()
    {
        var name = $"test_{Interlocked.Increment(ref lastDatabase)}";
        await Postgres.ExecuteAsync($"create database {name} template template0", CancellationToken.None);
        return new TestDatabase(name, Address.For(name).ConnectionString, () => Postgres.ExecuteAsync($"drop database {name} with (force)", CancellationToken.None));
    }

    /// <summary>The databases that the server lists of a session.</summary>
    public async Task<IReadOnlyList<string>> ListDatabasesOfAsync(string session)
        => [.. (await Postgres.ListDatabasesAsync(CancellationToken.None))
            .Select(database => database.Name)
            .Where(name => !name.IsOfTemplate && name.Owner == session)
            .Select(name => name.ToString())];

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (postgres is not null)
            await postgres.DisposeAsync();
        if (embedded is not null)
            await embedded.DisposeAsync();
        NpgsqlConnection.ClearAllPools();
        Directory.Delete(root, recursive: true);
    }
}
