using Npgsql;
using SchemaIsolation.Keeper.Migrations;
using SchemaIsolation.Keeper.Postgres;

namespace SchemaIsolation.Keeper.Templates;

/// <summary>What makes a template's content, one after the other: code of the test project, a migrator, files.</summary>
/// <param name="server">Where.</param>
/// <param name="database">In which database.</param>
/// <param name="source">What from, without what its parents are made from.</param>
/// <param name="buildAsync">The code that makes it, told where; null where the test project has none, or cannot be asked.</param>
/// <param name="onOutput">Told what a migrator writes.</param>
internal sealed class TemplateSteps(
    PostgresServer server, DatabaseName database, TemplateSource source, Func<string, CancellationToken, Task>? buildAsync, Action<string> onOutput)
{
    private readonly List<MigrationTiming> timings = [];

    /// <summary>How long each file took, once for each time that it was run.</summary>
    public IReadOnlyList<MigrationTiming> Timings => timings;

    /// <exception cref="SchemaIsolationException">SI1206, SI1210 to SI1214: one of them failed.</exception>
    public async Task RunAsync(NpgsqlConnection connection, MigrationTarget target, CancellationToken cancellationToken)
    {
        if (source.CodeFingerprint is not null)
            await RunCodeAsync(Address(target).ConnectionString, cancellationToken);
        if (source.Migrator is not null)
            await MigratorRun.RunAsync(source.Migrator, Address(target), source.TimeLimit, onOutput, cancellationToken);
        timings.AddRange(await MigrationRunner.RunAsync(connection, source.Files, target, source.TimeLimit, cancellationToken));
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
        var address = server.Address.For(database.ToString());
        address.Pooling = false;
        if (target.SearchPath is { } searchPath)
            address.SearchPath = searchPath;
        return address;
    }
}
