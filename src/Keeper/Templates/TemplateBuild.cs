using Npgsql;
using SchemaIsolation.Keeper.Migrations;
using SchemaIsolation.Keeper.Postgres;
using SchemaIsolation.Keeper.Resets;

namespace SchemaIsolation.Keeper.Templates;

/// <summary>Fills a database that will be a template.</summary>
/// <param name="server">Where it is.</param>
/// <param name="name">The database.</param>
/// <param name="source">What from.</param>
/// <param name="buildAsync">The code that makes it, told where; null where the test project has none, or cannot be asked.</param>
/// <param name="onOutput">Told what a migrator writes.</param>
internal sealed class TemplateBuild(
    PostgresServer server, DatabaseName name, TemplateSource source, Func<string, CancellationToken, Task>? buildAsync, Action<string> onOutput)
{
    /// <exception cref="SchemaIsolationException">SI1206 to SI1216: it cannot be filled.</exception>
    public async Task RunAsync(TemplateKind kind, CancellationToken cancellationToken)
    {
        await using (var connection = await server.OpenUnpooledAsync(name.ToString(), cancellationToken))
        {
            if (kind == TemplateKind.Database)
                await RunStepsAsync(connection, MigrationTarget.Database, cancellationToken);
            else
                await SchemaReplay.RunAsync(connection, source, target => RunStepsAsync(connection, target, cancellationToken), cancellationToken);
        }

        if (await DatabaseHolds.ListSubscriptionsAsync(server, name, cancellationToken) is { Count: > 0 } subscriptions)
            throw new SchemaIsolationException("SI1216", $"The migrations make {(subscriptions.Count == 1 ? "the subscription" : "subscriptions")} {MessageText.List(subscriptions)}, which a copy of the database would not have. Leave it to a script that is no migration.");

        // What a program has left connected would keep the database from being copied.
        if (source.IsMigratedByProgram)
            await server.EndConnectionsAsync(name, cancellationToken);
        if (source.IsSettled)
            await RowLayout.SettleAsync(server, name, kind == TemplateKind.Schema ? SchemaName.SearchPathOf(SchemaName.For(1)) : null, cancellationToken);
    }

    private async Task RunStepsAsync(NpgsqlConnection connection, MigrationTarget target, CancellationToken cancellationToken)
    {
        if (source.CodeFingerprint is not null)
            await RunCodeAsync(Address(target).ConnectionString, cancellationToken);
        if (source.Migrator is not null)
            await MigratorRun.RunAsync(source.Migrator, Address(target), source.TimeLimit, onOutput, cancellationToken);
        await MigrationRunner.RunAsync(connection, source.Files, target, source.TimeLimit, cancellationToken);
    }

    private async Task RunCodeAsync(string connectionString, CancellationToken cancellationToken)
    {
        if (buildAsync is null)
            throw new SchemaIsolationException("SI1214", $"The template \"{source.Name}\" is gone, and only the test process that defines it can build it again. Run the tests again.");

        using var timeLimit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeLimit.CancelAfter(source.TimeLimit);
        try
        {
            await buildAsync(connectionString, timeLimit.Token);
        }
        catch (OperationCanceledException exception) when (timeLimit.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new SchemaIsolationException("SI1210", $"The code that defines template \"{source.Name}\" did not end within its time limit of \"{source.TimeLimit}\". Make it faster or raise the limit.", exception);
        }
    }

    private NpgsqlConnectionStringBuilder Address(MigrationTarget target)
    {
        var address = server.Address.For(name.ToString());
        address.Pooling = false;
        if (target.SchemaName is { } schema)
            address.SearchPath = SchemaName.SearchPathOf(schema);
        return address;
    }
}
