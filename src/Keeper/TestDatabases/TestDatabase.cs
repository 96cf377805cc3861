using Npgsql;
using SchemaIsolation.Keeper.Migrations;
using SchemaIsolation.Keeper.Postgres;
using SchemaIsolation.Keeper.Sweeping;
using SchemaIsolation.Keeper.Templates;

namespace SchemaIsolation.Keeper.TestDatabases;

/// <summary>A project's own database, which stays between runs: for a debugger, for an application under development, for suites that share one.</summary>
/// <remarks>Each change is made under a lock, so that two people, or a person and a build, wait for each other.</remarks>
/// <param name="server">Where it is.</param>
/// <param name="name">The database.</param>
/// <param name="projectDirectory">The project's.</param>
/// <param name="source">What it is migrated with; null for a project without migrations.</param>
/// <param name="time">Says when that was.</param>
/// <param name="onOutput">Told what a migrator writes.</param>
internal sealed class TestDatabase(PostgresServer server, DatabaseName name, string projectDirectory, TemplateSource? source, TimeProvider time, Action<string> onOutput)
{
    private static readonly TimeSpan NoteTimeLimit = TimeSpan.FromSeconds(10);

    /// <returns>Null when there is no such database.</returns>
    /// <exception cref="SchemaIsolationException">SI4002: nothing says that it is one of tests.</exception>
    public async Task<TestDatabaseState?> ReadAsync(CancellationToken cancellationToken)
    {
        if (await server.CommentOfAsync(name.ToString(), cancellationToken) is not { } comment)
            return null;
        if (!SweepConsent.IsGiven(name.ToString(), comment))
            throw new SchemaIsolationException("SI4002", $"The database \"{name}\", which TestDatabase names, is left alone, because nothing says that it is a test database. Name one with \"test\" as a word of its own, or give it a comment that contains \"{SweepConsent.Mark}\".");
        return TestDatabaseState.Compare(TestDatabaseNotes.TryRead(comment), source?.Migrations ?? [], projectDirectory);
    }

    /// <returns>False when it was there already.</returns>
    public async Task<bool> CreateAsync(CancellationToken cancellationToken)
    {
        await using var alone = await AdvisoryLock.ChangeTestDatabaseAsync(server, name, cancellationToken);
        return await CreateUnlessThereAsync(cancellationToken);
    }

    /// <summary>Makes it, migrated and seeded, or runs the migrations that are new.</summary>
    /// <param name="isCreated">Whether one that is not there is made.</param>
    /// <param name="onFile">Told each file before it is run, with its number and how many there are.</param>
    /// <param name="cancellationToken">Ends the file that runs; what was run before stays and is known.</param>
    /// <exception cref="SchemaIsolationException">SI1209: there are no migrations; SI4003 to SI4005: it is not one that can be migrated; SI1206, SI1210 to SI1212: a migration failed.</exception>
    public async Task<TestDatabaseMigration> MigrateAsync(bool isCreated, Action<MigrationFile, int, int> onFile, CancellationToken cancellationToken)
    {
        var made = RequireSource();
        await using var alone = await AdvisoryLock.ChangeTestDatabaseAsync(server, name, cancellationToken);
        var isNew = isCreated && await CreateUnlessThereAsync(cancellationToken);
        var state = await ReadAsync(cancellationToken) ?? throw Missing();
        if (state.Strays.Count > 0)
            throw new SchemaIsolationException("SI4003", $"The test database \"{name}\" was migrated by other files than the project has: {MessageText.List(state.Strays)}. Undo that, or make the database anew with \"schema-isolation reset\".");

        await using var connection = await server.OpenUnpooledAsync(name.ToString(), cancellationToken);
        if (state.Notes is null or { MigratedAt: null, Migrations.Count: 0 } && made.Migrator is null && await CountRelationsAsync(connection, cancellationToken) > 0)
            throw new SchemaIsolationException("SI4005", $"The test database \"{name}\" holds tables, and which migrations made them is not known. Make it anew with \"schema-isolation reset\".");

        var notes = state.Notes ?? new TestDatabaseNotes { Comment = await server.CommentOfAsync(name.ToString(), cancellationToken) ?? string.Empty };

        // Seeds are for the first time, which may take more than one try.
        var seeds = notes.MigratedAt is null ? made.Seeds.Where(seed => !notes.Seeds.Contains(Applied(seed))).ToList() : [];
        if (made.Migrator is not null)
            await MigratorRun.RunAsync(made.Migrator, Address(), made.TimeLimit, onOutput, cancellationToken);
        var files = state.Pending.Select(file => (File: file, IsSeed: false)).Concat(seeds.Select(file => (File: file, IsSeed: true))).ToList();
        for (var i = 0; i < files.Count; i++)
        {
            var (file, isSeed) = files[i];
            onFile(file, i + 1, files.Count);
            await MigrationRunner.RunAsync(connection, [file], MigrationTarget.Database, made.TimeLimit, cancellationToken);
            notes = isSeed ? notes with { Seeds = [.. notes.Seeds, Applied(file)] } : notes with { Migrations = [.. notes.Migrations.Where(applied => applied.Name != Applied(file).Name), Applied(file)] };
            await NoteAsync(name, notes);
        }

        await NoteAsync(name, notes with { MigratedAt = time.GetUtcNow() });
        return new TestDatabaseMigration(isNew, [.. files.Select(file => file.File.Name)], made.Migrator is not null);
    }

    /// <returns>False when there was none.</returns>
    /// <exception cref="SchemaIsolationException">SI4002: nothing says that it is one of tests.</exception>
    public async Task<bool> DropAsync(CancellationToken cancellationToken)
    {
        await using var alone = await AdvisoryLock.ChangeTestDatabaseAsync(server, name, cancellationToken);
        if (await ReadAsync(cancellationToken) is null)
            return false;
        await server.DropDatabaseAsync(name, cancellationToken);
        return true;
    }

    /// <summary>Empties all tables, and fills those that the migrations and seeds fill.</summary>
    /// <exception cref="SchemaIsolationException">SI4003 to SI4006: it is not what the migrations make, or cannot be emptied so.</exception>
    public async Task<RestoredRows> CleanAsync(CancellationToken cancellationToken)
    {
        var made = RequireSource();
        await using var alone = await AdvisoryLock.ChangeTestDatabaseAsync(server, name, cancellationToken);
        var state = await ReadAsync(cancellationToken) ?? throw Missing();
        if (state.Pending.Count + state.Strays.Count > 0)
            throw new SchemaIsolationException("SI4006", $"The test database \"{name}\" is not what the project's migrations make: {MessageText.List([.. state.Pending.Select(file => $"\"{file.Name}\" was not run"), .. state.Strays])}. Run \"schema-isolation migrate\" or \"schema-isolation reset\".");
        return await RowRestore.RunAsync(server, name, new TemplateStore(server, made, onOutput, time), cancellationToken);
    }

    private async Task<bool> CreateUnlessThereAsync(CancellationToken cancellationToken)
    {
        if (await ReadAsync(cancellationToken) is not null)
            return false;

        // With its notes first: without them nothing may say that it is ours.
        await using var made = await ScratchDatabase.MakeEmptyAsync(server, cancellationToken);
        await NoteAsync(made.Name, new TestDatabaseNotes());
        await made.PublishAsync(name, cancellationToken);
        return true;
    }

    private AppliedFile Applied(MigrationFile file) => AppliedFile.Of(file, projectDirectory);

    private TemplateSource RequireSource() => source ?? throw NoMigrations();

    // A token of its own: what was run is to be known although nothing else is to be.
    private async Task NoteAsync(DatabaseName database, TestDatabaseNotes notes)
    {
        using var timeLimit = new CancellationTokenSource(NoteTimeLimit);
        await server.ExecuteAsync(Sql.CommentOnDatabase(database.OwnName, notes.ToString()), timeLimit.Token);
    }

    private NpgsqlConnectionStringBuilder Address()
    {
        var address = server.Address.For(name.ToString());
        address.Pooling = false;
        return address;
    }

    public static SchemaIsolationException NoMigrations()
        => new("SI1209", "The project has no migrations, so there is nothing to make a template or a test database from. Name their folder in Migrations (looked for were \"migrations\" and \"db/migrations\" in the project, the projects it references, and the directories above), or a program in Migrate.");

    private SchemaIsolationException Missing()
        => new("SI4004", $"The test database \"{name}\" does not exist on the server at \"{server.Address}\". Make it with \"schema-isolation setup\".");

    private static async Task<long> CountRelationsAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(InspectSql.CountRelations, connection);
        return (long)(await command.ExecuteScalarAsync(cancellationToken))!;
    }
}
