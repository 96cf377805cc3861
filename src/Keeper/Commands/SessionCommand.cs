using System.Runtime.InteropServices;
using SchemaIsolation.Keeper.Configuration;
using SchemaIsolation.Keeper.Reporting;
using SchemaIsolation.Keeper.Servers;
using SchemaIsolation.Keeper.Sessions;

namespace SchemaIsolation.Keeper.Commands;

/// <summary>The keeper of one session, as the collector starts it: told everything over its standard input.</summary>
internal static class SessionCommand
{
    public const string Name = "session";

    public static async Task<int> RunAsync(TimeProvider time)
    {
        var owner = new OwnerLink(Console.OpenStandardInput(), Console.OpenStandardOutput());
        if (await owner.ReadStartAsync() is not var (configuration, directory))
            return 1;

        var log = new KeeperLog(time, owner.Send);
        Options options;
        Session session;
        try
        {
            options = OptionsReader.Read(directory, configuration);
            session = Session.Start(options, log, time);
        }
        catch (Exception exception)
        {
            // Nobody reads the standard error of a keeper: these are its last words.
            var reason = exception as SchemaIsolationException ?? Defect.Describe(exception);
            owner.SendRefusal(reason);
            Send(owner, InjectedValues.Nowhere(OptionsReader.ReadInjected(directory, configuration), reason.Code));
            return 1;
        }

        // At once, although some change: what the collector knows when the keeper dies now keeps tests from their own settings' database.
        Send(owner, session.Variables);
        if (session.FailedTests is not null)
            owner.SendWantsTests();
        var ending = owner.WaitForEndAsync(test => session.FailedTests?.Tell(test, path => owner.SendLooked(test.Id, path)));
        if (await Task.WhenAny(session.WaitUntilTestsMayStartAsync(), ending) != ending)
        {
            Send(owner, session.Variables);
            owner.SendReady();
        }

        var isOrderly = await ending;
        try
        {
            var report = await session.EndAsync(isOrphaned: !isOrderly);
            if (isOrderly)
                await SendAsync(owner, report, HistoryBelow(options.ServerDirectory, time), log);
            return 0;
        }
        catch (Exception exception)
        {
            // As above.
            owner.SendRefusal(exception as SchemaIsolationException ?? Defect.Describe(exception));
            return 1;
        }
        finally
        {
            await SettleAsync(session.SettleAsync);
        }
    }

    /// <summary>Nobody waits any more, and the process may stay for as long as its server is kept: whoever ends it by SIGTERM ends both.</summary>
    public static async Task SettleAsync(Func<CancellationToken, Task> settleAsync)
    {
        using var ending = new CancellationTokenSource();
        using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, End);
        try
        {
            await settleAsync(ending.Token);
        }
        catch (Exception exception) when (exception is SchemaIsolationException or IOException or UnauthorizedAccessException or OperationCanceledException)
        {
            // Nobody is there to be told; whoever starts the server next finds what is the matter.
        }

        void End(PosixSignalContext context)
        {
            context.Cancel = true;
            ending.Cancel();
        }
    }

    private static void Send(OwnerLink owner, IReadOnlyList<KeyValuePair<string, string>> variables)
    {
        foreach (var variable in variables)
            owner.SendVariable(variable.Key, variable.Value);
    }

    // Beside the servers' directories, which alone are wiped, and above which a user other than ours may have to go.
    private static RunHistory HistoryBelow(string root, TimeProvider time)
        => new(Path.Combine(root, "history"), () => ServerUser.CreateReachableDirectory(root), time);

    private static async Task SendAsync(OwnerLink owner, SessionReport report, RunHistory history, KeeperLog log)
    {
        var directory = SessionDirectory.Create();
        foreach (var file in await ReportFiles.WriteAsync(report, directory.Report, history, Environment.GetEnvironmentVariable(StepSummary.Variable), log))
            owner.SendAttachment(file);
        owner.SendEnded();

        // VSTest fetches the files in the background, unless the collector is killed before: in both cases its pipe ends then.
        await owner.WaitForEndAsync();
        directory.Delete();
    }
}
