using System.CommandLine;
using SchemaIsolation.Keeper.Commands.Answers;
using SchemaIsolation.Keeper.Servers;

namespace SchemaIsolation.Keeper.Commands;

/// <summary>Shows the embedded servers of a user, stops them, and deletes what they keep between runs.</summary>
internal static class ServerCommand
{
    public static Command Create() => new("server", "The embedded servers of this user.")
    {
        new ToolCommand("status", "Shows whether they run, for whom, and what they take on the disk.", Foreseen(ShowAsync), ("server status", "to see what runs, and how much it keeps")),
        new ToolCommand("stop", "Stops those that no session works on, also when they are kept.", Foreseen(StopAsync), ("server stop", "before the time of KeepServer is over")),
        new ToolCommand("wipe", "Stops those that no session works on, and deletes their data, templates and programs.", Foreseen(WipeAsync), ("server wipe", "to begin with nothing"), ("server wipe --force", "in a script"))
        {
            ToolRun.Force,
        },
    };

    private static Func<ToolRun, CancellationToken, Task<int>> Foreseen(Func<ToolRun, string, CancellationToken, Task<int>> runAsync)
        => async (run, cancellationToken) =>
        {
            try
            {
                return await runAsync(run, run.ReadOptions().ServerDirectory, cancellationToken);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                throw new SchemaIsolationException("SI1106", $"An embedded server cannot be shown or ended. Look at its directory, and whose it is: {exception.Message}", exception);
            }
        };

    private static async Task<int> ShowAsync(ToolRun run, string root, CancellationToken cancellationToken)
    {
        var servers = await EmbeddedServerState.ListAsync(root, cancellationToken);
        Answer(run, root, [.. servers.Select(server => (server, server.ProcessId is null ? "stopped" : "running"))], Describe);
        return ToolRun.Done;
    }

    private static async Task<int> StopAsync(ToolRun run, string root, CancellationToken cancellationToken)
    {
        var ended = await EndAsync(root, isWiped: false, cancellationToken);
        Answer(run, root, ended, server => server.ProcessId is null ? "was not running" : "stopped");
        return ended.All(server => server.State != InUse) ? ToolRun.Done : ToolRun.Wrong;
    }

    private static async Task<int> WipeAsync(ToolRun run, string root, CancellationToken cancellationToken)
    {
        if (!await run.ConfirmAsync($"delete the data and templates of the embedded servers in \"{root}\"", cancellationToken))
            return ToolRun.Unusable;

        var ended = await EndAsync(root, isWiped: true, cancellationToken);
        var isAll = ended.All(server => server.State != InUse);
        if (isAll)
            ServerPackageCache.Delete(root);
        Answer(run, root, ended, server => $"deleted, {Words.Megabytes(server.Bytes)}");
        return isAll ? ToolRun.Done : ToolRun.Wrong;
    }

    private const string InUse = "in use";

    private static async Task<IReadOnlyList<(EmbeddedServerState Server, string State)>> EndAsync(string root, bool isWiped, CancellationToken cancellationToken)
    {
        var ended = new List<(EmbeddedServerState, string)>();
        foreach (var server in await EmbeddedServerState.ListAsync(root, cancellationToken))
        {
            var isEnded = await EmbeddedServerState.TryEndAsync(root, server.Name, isWiped, cancellationToken);
            ended.Add((server, !isEnded ? InUse : isWiped ? "deleted" : "stopped"));
        }

        return ended;
    }

    private static void Answer(ToolRun run, string root, IReadOnlyList<(EmbeddedServerState Server, string State)> servers, Func<EmbeddedServerState, string> describe)
        => run.Answer(
            new EmbeddedServersAnswer(root, [.. servers.Select(found => new EmbeddedServerAnswer(found.Server.Name, found.State, found.Server.ProcessId, found.Server.Since, found.Server.KeptUntil, found.Server.Bytes))]),
            AnswerJson.Readable.EmbeddedServersAnswer,
            _ =>
            {
                if (servers.Count == 0)
                    run.Say($"There is no embedded server in \"{root}\".");
                foreach (var (server, state) in servers)
                    run.Say($"{server.Name}: {(state == InUse ? "left as it is, as a session works on it" : describe(server))}");
            });

    private static string Describe(EmbeddedServerState server) => server switch
    {
        { ProcessId: null } => $"stopped, {Words.Megabytes(server.Bytes)}",
        { IsUsed: true } => $"{Running(server)}, used by sessions, {Words.Megabytes(server.Bytes)}",
        { KeptUntil: { } until } => $"{Running(server)}, kept until {Words.Time(until)}, {Words.Megabytes(server.Bytes)}",
        _ => $"{Running(server)}, used by nobody, {Words.Megabytes(server.Bytes)}",
    };

    private static string Running(EmbeddedServerState server) => $"running since {Words.Time(server.Since)} as process {server.ProcessId}";
}
