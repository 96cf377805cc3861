using System.Diagnostics;
using SchemaIsolation.Testing;

namespace SchemaIsolation.Tests.Acceptance;

/// <summary>What dead runs have left: on a server that no other run uses, in their temporary directory, and as processes.</summary>
internal sealed class Remains(TestServer server, string temporary, ProcessTree processes)
{
    // The promise: a session whose run is killed leaves nothing within five seconds, without a next run.
    private static readonly TimeSpan TimeLimit = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(20);

    // Published templates are meant to stay.
    private const string ListDatabases =
        """
        select datname::text from pg_database where datname like 'si\_%' and not (datistemplate and not datallowconn)
        union all
        select 'advisory lock of ' || pid from pg_locks where locktype = 'advisory'
        """;

    private const string ListSchemas = @"select nspname::text from pg_namespace where nspname like 'si\_%' order by 1";

    /// <summary>Waits for the promise, from now on, and records how long it took to keep.</summary>
    /// <param name="death">How the run died, for docs/reliability.md.</param>
    /// <param name="sweeper">Who has to sweep.</param>
    /// <param name="died">When it died; now unless given.</param>
    /// <param name="which">What has to vanish, of several runs' remains; all unless given.</param>
    public async Task MustVanishAsync(string death, string sweeper = "its keeper", long? died = null, IReadOnlyList<string>? which = null)
    {
        var start = died ?? Stopwatch.GetTimestamp();
        while ((await ListAsync()).Where(remains => which?.Contains(remains) ?? true).ToList() is { Count: > 0 } left)
        {
            Assert.True(Stopwatch.GetElapsedTime(start) < TimeLimit, $"Left after {TimeLimit}: {string.Join(", ", left)}");
            await Task.Delay(PollInterval);
        }

        await Reliability.RecordAsync(server.SharedDatabase is null ? death : $"{death} (shared database)", sweeper, Stopwatch.GetElapsedTime(start));
    }

    /// <summary>Databases or schemas of sessions, templates that are not finished, locks, directories, and keepers.</summary>
    public async Task<IReadOnlyList<string>> ListAsync()
        => [
            .. await ListOnServerAsync(),
            .. Directory.EnumerateDirectories(temporary, "si-*"),
            .. processes.Keepers.Select(id => $"keeper {id}"),
        ];

    public async Task<IReadOnlyList<string>> ListOnServerAsync()
        => [.. await ListAsync("postgres", ListDatabases), .. server.SharedDatabase is { } shared ? await ListAsync(shared, ListSchemas) : []];

    private async Task<IReadOnlyList<string>> ListAsync(string database, string query)
        => (await Psql.RunAsync(server.Address, database, query)).Split(", ", StringSplitOptions.RemoveEmptyEntries);
}
