using Npgsql;
using SchemaIsolation.Keeper.Migrations;
using SchemaIsolation.Keeper.Postgres;

namespace SchemaIsolation.Keeper.Templates;

/// <summary>Makes schemas of one source in a database that others use too, where no template can be kept: each by the steps themselves.</summary>
/// <param name="server">Where the database is.</param>
/// <param name="source">What from.</param>
/// <param name="onOutput">Told what a migrator writes.</param>
internal sealed class SharedReplay(PostgresServer server, TemplateSource source, Action<string> onOutput)
{
    private readonly DatabaseName database = server.SharedDatabase!.Value;

    /// <summary>Where the extensions are that the steps need; known once they are proved.</summary>
    public IReadOnlyList<string> ExtensionSchemas { get; private set; } = [];

    /// <summary>The source, after those that it starts from.</summary>
    private IEnumerable<TemplateSource> Chain => Ancestors().Reverse();

    /// <summary>Makes two schemas, and proves them apart from each other and from all else in the database, and alike.</summary>
    /// <exception cref="SchemaIsolationException">SI1205 to SI1217: the steps fail, or reach more than their schema.</exception>
    public async Task ProveAsync(string first, string second, CancellationToken cancellationToken)
    {
        await using var connection = await server.OpenUnpooledAsync(database.ToString(), cancellationToken);
        var files = Chain.SelectMany(step => step.Files).ToList();
        var isRehearsed = !source.IsMigratedByProgram && SharedRehearsal.IsPossible(files);
        (ExtensionSchemas, var offLimits) = await RequireAsync(files, mayNameOthers: isRehearsed, cancellationToken);
        SchemaProof.Refuse(PublicSchemaWords.Find(files), "The migrations say what is to be done in the schema public, and would do nothing in another");
        if (isRehearsed)
            await SharedRehearsal.RunAsync(connection, files, Target(first), source, cancellationToken);

        // Else what is there afterwards and was not before is taken for theirs, but for what other sessions make.
        var others = await SchemaProof.ListOutsideAsync(connection, [first, second], cancellationToken);
        await MakeAsync(connection, first, cancellationToken);
        if (!isRehearsed)
            await RefuseOutsideAsync(connection, [first, second], IsOfOthers, cancellationToken);
        var since = await SchemaReplay.ReadNextTransactionAsync(connection, cancellationToken);
        await MakeAsync(connection, second, cancellationToken);
        SchemaProof.Refuse(await SchemaProof.ListAsync(connection, CatalogueSql.ListReferencesToOthers, [second], cancellationToken), "What the migrations make needs what is not in its schema, where all tests and others would share it");
        SchemaProof.Refuse(await SchemaProof.ListAsync(connection, SharedSql.ListFunctionsForOthers, [second, offLimits], cancellationToken), "Functions name what is not in their schema, where all tests and others would share it");
        await SchemaProof.RequireAsync(connection, [Target(first), Target(second)], since, allowsTypes: true, IsOfOthers, cancellationToken);

        bool IsOfOthers(string found) => isRehearsed || others.Contains(found, StringComparer.Ordinal) || SchemaName.IsInShared(found);
    }

    /// <summary>Makes one more, of steps that are proved.</summary>
    public async Task MakeAsync(string schema, CancellationToken cancellationToken)
    {
        await using var connection = await server.OpenUnpooledAsync(database.ToString(), cancellationToken);
        await MakeAsync(connection, schema, cancellationToken);
    }

    private async Task MakeAsync(NpgsqlConnection connection, string schema, CancellationToken cancellationToken)
    {
        await SchemaReplay.CreateAsync(connection, schema, source.TestRole, cancellationToken);
        await SchemaReplay.RunCopyAsync(Target(schema), async target =>
        {
            foreach (var step in Chain)
                await new TemplateSteps(server, database, step, buildAsync: null, onOutput).RunAsync(connection, target, cancellationToken);
        });
        await SchemaReplay.ForgetSettingsAsync(connection, cancellationToken);
    }

    private async Task RefuseOutsideAsync(NpgsqlConnection connection, string[] copies, Func<string, bool> isOfOthers, CancellationToken cancellationToken)
        => SchemaProof.Refuse(
            [.. (await SchemaProof.ListOutsideAsync(connection, copies, cancellationToken)).Where(found => !isOfOthers(found))],
            $"While the migrations ran there came into \"{database}\" what is outside their schema, where all tests and others would share it. What of it the migrations have made is left there for you to drop");

    private MigrationTarget Target(string schema) => MigrationTarget.SharedSchema(schema, ExtensionSchemas);

    /// <returns>Where the extensions are that the files need, and the schemas that nothing of ours may reach.</returns>
    private async Task<(IReadOnlyList<string> ExtensionSchemas, string[] OffLimits)> RequireAsync(IReadOnlyList<MigrationFile> files, bool mayNameOthers, CancellationToken cancellationToken)
    {
        var extensions = await ListPairsAsync(SharedSql.ListPlacesOfExtensions, cancellationToken);
        var schemas = await ListPairsAsync(SharedSql.ListWhetherOccupied, cancellationToken);
        var isOccupied = schemas.ToDictionary(schema => schema.Name, schema => schema.Value == "true", StringComparer.Ordinal);
        string[] offLimits = [.. isOccupied.Keys.Where(name => SchemaName.SessionOf(name) is null && (isOccupied[name] || extensions.All(extension => extension.Value != name)))];
        var needed = SharedDatabaseRules.Require(files, extensions.Select(extension => extension.Name).ToHashSet(StringComparer.Ordinal), mayNameOthers ? [] : offLimits);
        List<string> found = [.. extensions.Where(extension => needed.Contains(extension.Name, StringComparer.Ordinal)).Select(extension => extension.Value).Where(isOccupied.ContainsKey).Distinct(StringComparer.Ordinal)];
        SchemaProof.Refuse([.. found.Where(name => isOccupied[name])], "Extensions that the migrations need are in a schema that also has tables, which tests would find where they miss their own. Have the extensions moved to a schema of their own; they are in");
        return (found, offLimits);
    }

    private IEnumerable<TemplateSource> Ancestors()
    {
        for (var step = source; step is not null; step = step.Parent)
            yield return step;
    }

    // The maintenance database is the shared one.
    private async Task<IReadOnlyList<(string Name, string Value)>> ListPairsAsync(string sql, CancellationToken cancellationToken)
        => [.. (await server.ListAsync(sql, cancellationToken)).Select(row => (row[0]!, row[1]!))];
}
