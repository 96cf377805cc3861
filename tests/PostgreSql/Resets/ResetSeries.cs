using System.Globalization;
using Npgsql;
using SchemaIsolation.Keeper;
using SchemaIsolation.Keeper.Postgres;
using SchemaIsolation.Keeper.Resets;

namespace SchemaIsolation.Tests.PostgreSql.Resets;

/// <summary>One clone of a template that is used and reset again and again, beside clones that nobody has used.</summary>
internal sealed class ResetSeries : IAsyncDisposable
{
    private const int MostNewClones = 4;
    private const string Failed = "failed: ";

    private readonly PostgresServer server;
    private readonly OwnSession session;
    private readonly DatabaseName template;
    private readonly Func<int, IReadOnlyList<string>> drawLater;
    private readonly Dictionary<int, List<IReadOnlyDictionary<string, string>>> laterStates = [];
    private Pristine? pristine;
    private IReadOnlyDictionary<string, string>? unusedRows;
    private IReadOnlyDictionary<string, string>? unusedDefinitions;
    private DatabaseName unused;
    private DatabaseName used;
    private DatabaseReset? reset;

    private ResetSeries(PostgresServer server, OwnSession session, DatabaseName template, Func<int, IReadOnlyList<string>> drawLater)
    {
        this.server = server;
        this.session = session;
        this.template = template;
        this.drawLater = drawLater;
    }

    public static async Task<ResetSeries> StartAsync(PostgresServer server, string[] migrations, Func<int, IReadOnlyList<string>> drawLater)
    {
        var session = await OwnSession.StartAsync(server);
        var template = session.Databases.NextForSlot();
        await server.CreateDatabaseAsync(template, template: null, CancellationToken.None);
        await Testing.Psql.RunAsync(server.Address, template, migrations);
        await RowLayout.SettleAsync(server, template, searchPath: null, CancellationToken.None);
        return new ResetSeries(server, session, template, drawLater);
    }

    /// <summary>Uses the clone and resets it, and then does later work there and in a new one.</summary>
    /// <returns>Why it cannot be used again, null when it can; and what is not as in an unused one.</returns>
    public async Task<(string? Reason, IReadOnlyList<string> Differences)> RunAsync(
        IReadOnlyList<(int Connection, string[] Statements)> work, int later)
    {
        await EnsureClonesAsync();
        await UseAsync(work);
        string? reason;
        try
        {
            reason = await reset!.RunAsync(used, pristine!, CancellationToken.None);
        }
        catch (NpgsqlException exception)
        {
            reason = $"its reset failed: {exception.Message}";
        }

        await reset!.CloseAsync();
        var differences = await CompareAsync();
        if (reason is null && differences.Count == 0)
            differences = await CompareLaterAsync(later);
        if (reason is not null || differences.Count > 0)
            await RetireAsync();
        return (reason, differences);
    }

    public async ValueTask DisposeAsync()
    {
        await session.DisposeAsync();
    }

    private async Task EnsureClonesAsync()
    {
        if (pristine is null)
        {
            unused = await CloneAsync();
            await using (var connection = await ResetConnection.OpenAsync(server, unused, searchPath: null, CancellationToken.None))
                pristine = await Pristine.ReadAsync(connection, CancellationToken.None);
            await using var reading = await OpenAsync(unused);
            unusedRows = await DatabaseReading.ReadRowsAsync(reading);
            unusedDefinitions = await DatabaseReading.ReadDefinitionsAsync(reading);
        }

        if (reset is not null)
            return;

        reset = new DatabaseReset(server, searchPath: null);
        await reset.BeginAsync(CancellationToken.None);
        used = await CloneAsync();
    }

    // What fails is part of the work.
    private async Task UseAsync(IReadOnlyList<(int Connection, string[] Statements)> work)
    {
        await using (var first = await OpenAsync(used))
        await using (var second = await OpenAsync(used))
        {
            foreach (var (connection, statements) in work)
            {
                foreach (var statement in statements)
                    await TryRunAsync(connection == 0 ? first : second, statement);
            }
        }

        await Poll.UntilAsync(
            async () => await server.CountConnectionsAsync(used, CancellationToken.None) == 0, TimeSpan.FromMilliseconds(2), TimeSpan.FromSeconds(30), CancellationToken.None);
    }

    private async Task<IReadOnlyList<string>> CompareAsync()
    {
        await using var usedConnection = await OpenAsync(used);
        var rows = DatabaseComparison.Find(await DatabaseReading.ReadRowsAsync(usedConnection), unusedRows!);
        var definitions = await DatabaseReading.ReadDefinitionsAsync(usedConnection);
        if (definitions.All(pair => unusedDefinitions![pair.Key] == pair.Value))
            return rows;

        await using var unusedConnection = await OpenAsync(unused);
        return [.. rows, .. await DatabaseComparison.FindInDefinitionsAsync(usedConnection, definitions, unusedConnection, unusedDefinitions!)];
    }

    /// <summary>Where rows come to lie that are written next: in the clone that was used, and in new ones.</summary>
    /// <remarks>New ones are not all alike in that: when the server clears a page for an update depends on what else it does. One of them has to be.</remarks>
    private async Task<IReadOnlyList<string>> CompareLaterAsync(int later)
    {
        var found = await WorkLaterAsync(used, later);
        if (!laterStates.TryGetValue(later, out var expected))
            laterStates[later] = expected = [];
        while (!expected.Exists(state => DatabaseComparison.Find(found, state).Count == 0))
        {
            if (expected.Count == MostNewClones)
            {
                return [
                    .. DatabaseComparison.Find(found, expected[0]).Select(difference => $"after later work {later}: {difference}"),
                    .. found.Where(pair => char.IsAsciiDigit(pair.Key[0])).Select(pair => $"{pair.Key}: {pair.Value}"),
                ];
            }

            var other = await CloneAsync();
            expected.Add(await WorkLaterAsync(other, later));
            await session.Databases.DropAsync(other, CancellationToken.None);
        }

        return [];
    }

    private async Task<IReadOnlyDictionary<string, string>> WorkLaterAsync(DatabaseName database, int later)
    {
        await using var connection = await OpenAsync(database);
        var answers = new Dictionary<string, string>(StringComparer.Ordinal);

        // In one transaction: when the server makes room for an update by clearing away what an earlier transaction left depends on what
        // runs in other databases.
        await TryRunAsync(connection, "begin");
        foreach (var statement in drawLater(later))
        {
            await TryRunAsync(connection, "savepoint s");
            var answer = await TryRunAsync(connection, statement);
            answers[$"{answers.Count} {statement}"] = answer;
            await TryRunAsync(connection, answer.StartsWith(Failed, StringComparison.Ordinal) ? "rollback to s" : "release s");
        }

        await TryRunAsync(connection, "commit");
        return answers.Concat(await DatabaseReading.ReadRowsAsync(connection, withLogCount: false)).ToDictionary(StringComparer.Ordinal);
    }

    private async Task RetireAsync()
    {
        await session.Databases.DropAsync(used, CancellationToken.None);
        await reset!.DisposeAsync();
        reset = null;
    }

    private async Task<DatabaseName> CloneAsync()
    {
        var clone = session.Databases.NextForSlot();
        await session.Databases.CreateAsync(clone, template, CancellationToken.None);
        return clone;
    }

    private async Task<NpgsqlConnection> OpenAsync(DatabaseName database)
    {
        var connection = await server.OpenUnpooledAsync(
            database.ToString(), CancellationToken.None, options: "-c lock_timeout=50ms -c synchronize_seqscans=off -c client_min_messages=error");
        return connection;
    }

    /// <returns>How many rows it wrote, or why it failed.</returns>
    private static async Task<string> TryRunAsync(NpgsqlConnection connection, string statement)
    {
        try
        {
            await using var command = new NpgsqlCommand(statement, connection);
            return (await command.ExecuteNonQueryAsync()).ToString(CultureInfo.InvariantCulture);
        }
        catch (PostgresException exception)
        {
            return Failed + exception.MessageText;
        }
    }
}
