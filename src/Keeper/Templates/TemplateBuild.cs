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
    /// <returns>How long each file took, once for each time that it was run.</returns>
    /// <exception cref="SchemaIsolationException">SI1206 to SI1216: it cannot be filled.</exception>
    public async Task<IReadOnlyList<MigrationTiming>> RunAsync(TemplateKind kind, CancellationToken cancellationToken)
    {
        var steps = new TemplateSteps(server, name, source, buildAsync, onOutput);
        await using (var connection = await server.OpenUnpooledAsync(name.ToString(), cancellationToken))
        {
            if (kind == TemplateKind.Database)
                await steps.RunAsync(connection, MigrationTarget.Database, cancellationToken);
            else
                await SchemaReplay.RunAsync(connection, source, target => steps.RunAsync(connection, target, cancellationToken), cancellationToken);
        }

        if (await DatabaseHolds.ListSubscriptionsAsync(server, name, cancellationToken) is { Count: > 0 } subscriptions)
            throw new SchemaIsolationException("SI1216", $"The migrations make {(subscriptions.Count == 1 ? "the subscription" : "subscriptions")} {MessageText.List(subscriptions)}, which a copy of the database would not have. Leave it to a script that is no migration.");

        // What a program has left connected would keep the database from being copied.
        if (source.IsMigratedByProgram)
            await server.EndConnectionsAsync(name, cancellationToken);
        if (source.IsSettled)
            await RowLayout.SettleAsync(server, name, kind == TemplateKind.Schema ? SchemaName.SearchPathOf(SchemaName.For(1)) : null, cancellationToken);
        return steps.Timings;
    }
}
