using Npgsql;
using SchemaIsolation.Keeper.Postgres;
using SchemaIsolation.Keeper.Resets;
using SchemaIsolation.Keeper.Templates;
using SchemaIsolation.Testing;

namespace SchemaIsolation.Tests.PostgreSql.Resets;

/// <summary>A template, a clone that a test uses, and one that nobody uses.</summary>
internal sealed class ResetCase : IAsyncDisposable
{
    private readonly PostgresServer server;
    private readonly OwnSession session;
    private readonly DatabaseReset reset;

    private ResetCase(PostgresServer server, OwnSession session, string? searchPath)
    {
        this.server = server;
        this.session = session;
        reset = new DatabaseReset(server, searchPath);
        SearchPath = searchPath;
    }

    /// <summary>Where names lead in a test; null for the server's.</summary>
    public string? SearchPath { get; }

    public DatabaseName Used { get; private set; }

    public DatabaseName Unused { get; private set; }

    public static Task<ResetCase> CreateAsync(TestServer server, params string[] migrations) => CreateAsync(server.Postgres, migrations);

    public static async Task<ResetCase> CreateAsync(PostgresServer server, params string[] migrations)
    {
        var session = await OwnSession.StartAsync(server);
        var template = session.Databases.NextForSlot();
        await server.CreateDatabaseAsync(template, template: null, CancellationToken.None);
        await Psql.RunAsync(server.Address, template, migrations);
        await RowLayout.SettleAsync(server, template, searchPath: null, CancellationToken.None);
        return await CloneAsync(server, session, searchPath: null, name => session.Databases.CreateAsync(name, template, CancellationToken.None));
    }

    /// <summary>Clones what a store has built, as a session does.</summary>
    public static async Task<ResetCase> CreateAsync(PostgresServer server, Template template)
    {
        var session = await OwnSession.StartAsync(server);
        var searchPath = template.Kind == TemplateKind.Schema ? SchemaName.SearchPathOf(SchemaName.For(1)) : null;
        return await CloneAsync(server, session, searchPath, async name =>
        {
            await session.Databases.CreateAsync(name, template.Name, CancellationToken.None);
            await template.Settings.ApplyAsync(server, name, CancellationToken.None);
        });
    }

    /// <summary>What a test does in the clone that is used.</summary>
    public async Task<string> UseAsync(params string[] statements)
    {
        await using var connection = await server.OpenUnpooledAsync(Used.ToString(), CancellationToken.None, SearchPath);
        return await Psql.RunAsync(connection, statements);
    }

    /// <returns>Why it could not be made equal; null when it was.</returns>
    public async Task<string?> ResetAsync()
    {
        try
        {
            await using var connection = await ResetConnection.OpenAsync(server, Unused, SearchPath, CancellationToken.None);
            var pristine = await Pristine.ReadAsync(connection, CancellationToken.None);
            return await reset.RunAsync(Used, pristine, CancellationToken.None);
        }
        catch (PostgresException exception)
        {
            return $"its reset failed: {exception.MessageText}";
        }
    }

    /// <summary>What of the used clone is not as in the unused one, in rows, places and definitions.</summary>
    public async Task<string> CompareAsync()
    {
        await using var used = await server.OpenUnpooledAsync(Used.ToString(), CancellationToken.None, SearchPath);
        await using var unused = await server.OpenUnpooledAsync(Unused.ToString(), CancellationToken.None, SearchPath);
        var rows = DatabaseComparison.Find(await DatabaseReading.ReadRowsAsync(used), await DatabaseReading.ReadRowsAsync(unused));
        var definitions = await DatabaseComparison.FindInDefinitionsAsync(
            used, await DatabaseReading.ReadDefinitionsAsync(used), unused, await DatabaseReading.ReadDefinitionsAsync(unused));
        return string.Join('\n', rows.Concat(definitions));
    }

    /// <summary>The same asked of both clones.</summary>
    public async Task<(string Used, string Unused)> AskBothAsync(params string[] statements)
        => (await Psql.RunAsync(server.Address, Used, statements), await Psql.RunAsync(server.Address, Unused, statements));

    /// <summary>What is asked of the clone that nobody uses.</summary>
    public Task<string> AskUnusedAsync(string query) => Psql.RunAsync(server.Address, Unused, query);

    public async ValueTask DisposeAsync()
    {
        await reset.DisposeAsync();
        await session.DisposeAsync();
    }

    private static async Task<ResetCase> CloneAsync(PostgresServer server, OwnSession session, string? searchPath, Func<DatabaseName, Task> cloneAsync)
    {
        var made = new ResetCase(server, session, searchPath) { Used = session.Databases.NextForSlot(), Unused = session.Databases.NextForSlot() };
        await made.reset.BeginAsync(CancellationToken.None);
        await cloneAsync(made.Used);
        await cloneAsync(made.Unused);
        return made;
    }
}
