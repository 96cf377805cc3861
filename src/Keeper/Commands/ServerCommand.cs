using System.CommandLine;
using System.Globalization;
using SchemaIsolation.Keeper.Configuration;
using SchemaIsolation.Keeper.Servers;

namespace SchemaIsolation.Keeper.Commands;

/// <summary>Shows the embedded servers of a user, stops them, and deletes what they keep between runs.</summary>
internal static class ServerCommand
{
    public static Command Create()
    {
        var project = ProjectOption.Create();
        var status = new Command("status", "Shows whether they run, for whom, and what they take on the disk.");
        status.SetAction((arguments, cancellationToken) => RunAsync(arguments.GetValue(project)!.FullName, ShowAsync, cancellationToken));
        var stop = new Command("stop", "Stops those that no session works on, also when they are kept.");
        stop.SetAction((arguments, cancellationToken) => RunAsync(arguments.GetValue(project)!.FullName, StopAsync, cancellationToken));
        var wipe = new Command("wipe", "Stops those that no session works on, and deletes their data, templates and programs.");
        wipe.SetAction((arguments, cancellationToken) => RunAsync(arguments.GetValue(project)!.FullName, WipeAsync, cancellationToken));

        project.Recursive = true;
        return new Command("server", "The embedded servers of this user.") { project, status, stop, wipe };
    }

    private static async Task<int> RunAsync(string projectDirectory, Func<string, CancellationToken, Task<int>> runAsync, CancellationToken cancellationToken)
    {
        try
        {
            return await runAsync(OptionsReader.Read(projectDirectory, configurationXml: null).ServerDirectory, cancellationToken);
        }
        catch (Exception exception) when (exception is SchemaIsolationException or IOException or UnauthorizedAccessException)
        {
            var reason = exception as SchemaIsolationException ?? new SchemaIsolationException("SI1106", $"An embedded server cannot be shown or ended. Look at its directory, and whose it is: {exception.Message}", exception);
            await Console.Error.WriteLineAsync(reason.Message);
            return 1;
        }
    }

    private static async Task<int> ShowAsync(string root, CancellationToken cancellationToken)
    {
        foreach (var server in await ListAsync(root, cancellationToken))
            Console.WriteLine($"{server.Name}: {Describe(server)}, {Megabytes(server.Bytes)}");
        return 0;
    }

    private static async Task<int> StopAsync(string root, CancellationToken cancellationToken)
    {
        var inUse = 0;
        foreach (var server in await ListAsync(root, cancellationToken))
        {
            var isEnded = await EmbeddedServerState.TryEndAsync(root, server.Name, isWiped: false, cancellationToken);
            inUse += isEnded ? 0 : 1;
            Console.WriteLine($"{server.Name}: {(isEnded ? server.ProcessId is null ? "was not running" : "stopped" : "left running, as a session works on it")}");
        }

        return inUse == 0 ? 0 : 1;
    }

    private static async Task<int> WipeAsync(string root, CancellationToken cancellationToken)
    {
        var inUse = 0;
        foreach (var server in await ListAsync(root, cancellationToken))
        {
            var isEnded = await EmbeddedServerState.TryEndAsync(root, server.Name, isWiped: true, cancellationToken);
            inUse += isEnded ? 0 : 1;
            Console.WriteLine($"{server.Name}: {(isEnded ? $"deleted, {Megabytes(server.Bytes)}" : "left as it is, as a session works on it")}");
        }

        if (inUse == 0)
            ServerPackageCache.Delete(root);
        return inUse == 0 ? 0 : 1;
    }

    private static async Task<IReadOnlyList<EmbeddedServerState>> ListAsync(string root, CancellationToken cancellationToken)
    {
        var servers = await EmbeddedServerState.ListAsync(root, cancellationToken);
        if (servers.Count == 0)
            Console.WriteLine($"There is no embedded server in \"{root}\".");
        return servers;
    }

    private static string Describe(EmbeddedServerState server) => server switch
    {
        { ProcessId: null } => "stopped",
        { IsUsed: true } => $"running since {Time(server.Since!.Value)} as process {server.ProcessId}, used by sessions",
        { KeptUntil: { } until } => $"running since {Time(server.Since!.Value)} as process {server.ProcessId}, kept until {Time(until)}",
        _ => $"running since {Time(server.Since!.Value)} as process {server.ProcessId}, used by nobody",
    };

    private static string Time(DateTimeOffset time) => time.ToLocalTime().ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    private static string Megabytes(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:0.0} MB");
}
