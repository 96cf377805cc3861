using System.CommandLine;
using System.Globalization;
using SchemaIsolation.Keeper.Commands.Answers;
using SchemaIsolation.Keeper.Inspection;
using SchemaIsolation.Keeper.TestDatabases;
using Spectre.Console;

namespace SchemaIsolation.Keeper.Commands;

/// <summary>Shows what is on a project's server.</summary>
internal static class StatusCommand
{
    public static Command Create() => new ToolCommand(
        "status",
        "Shows the server, who runs tests on it now, templates, leftovers, and the rows of TestDatabase. Changes nothing.",
        RunAsync,
        ("status", "when a run seems to hang, or the server to fill up"),
        ("status --json", "for a program"));

    private static async Task<int> RunAsync(ToolRun run, CancellationToken cancellationToken)
    {
        await using var server = await ToolServer.OpenAsync(run, cancellationToken);
        var (postgres, description) = (server.Postgres, server.Postgres.Description);
        var (_, leftovers) = await SweepCommand.SweepLeftoversAsync(server, isDryRun: true, run.Time, project: null, cancellationToken);
        var status = new StatusAnswer(
            new ServerAnswer(
                postgres.Address.ToString(), description.Version, server.Server.Reason, server.Server.IsEmbedded, description.IsDurable, description.Role, description.IsSuperuser, description.CanCreateDatabases),
            [.. (await ServerInventory.ListSessionsAsync(postgres, cancellationToken)).Select(Describe)],
            await TemplatesCommand.ListAsync(server, cancellationToken),
            leftovers,
            await InspectCommand.ListAsync(postgres, cancellationToken),
            server.TestDatabase is { } database ? await DescribeAsync(server, database, cancellationToken) : null);
        run.Answer(status, AnswerJson.Readable.StatusAnswer, console => Print(console, status));
        return ToolRun.Done;
    }

    private static SessionAnswer Describe(LiveSession session) => new(
        session.Id.Text,
        session.Holder?.Host,
        session.Holder?.Process,
        session.Holder?.Project,
        session.Since,
        [.. session.Work.Select(work => new ConnectedAnswer(work.Database, work.Application, work.Connections))]);

    private static async Task<TestDatabaseAnswer> DescribeAsync(ToolServer server, TestDatabase database, CancellationToken cancellationToken)
    {
        var name = server.Options.TestDatabase!;
        return await database.ReadAsync(cancellationToken) is { } state
            ? new(
                name,
                Exists: true,
                state.Notes?.MigratedAt,
                [.. state.Pending.Select(file => file.Name)],
                state.Strays,
                [.. (await TableCounts.ReadAsync(server.Postgres, name, cancellationToken)).Select(count => new TableAnswer(count.Table, count.Rows))])
            : new(name, Exists: false, MigratedAt: null, [], [], []);
    }

    private static void Print(IAnsiConsole console, StatusAnswer status)
    {
        var server = status.Server;
        console.WriteLine($"PostgreSQL {server.Version} on {server.Address}, {(server.IsEmbedded ? "the embedded server" : "configured")}: {server.Reason}");
        console.WriteLine($"role {server.Role}: {(server.IsSuperuser ? "superuser" : server.CanCreateDatabases ? "may create databases" : "may not create databases")}; fsync {(server.IsDurable ? "on" : "off")}");
        console.WriteLine(status.Sessions.Count == 0 ? "no sessions" : $"{status.Sessions.Count} sessions:");
        foreach (var session in status.Sessions)
        {
            console.WriteLine($"  {session.Session}: {(session.Host is null ? "of a keeper that the server does not name" : $"{session.Project}, process {session.Process} on {session.Host}")}, since {Words.Time(session.Since)}");
            foreach (var connected in session.Connected)
                console.WriteLine($"    {connected.Slot}: {connected.Application} ({connected.Connections} connections)");
        }

        TemplatesCommand.Print(console, status.Templates);
        console.WriteLine($"{status.Leftovers.Count} leftovers");
        foreach (var leftover in status.Leftovers)
            console.WriteLine($"  {leftover.Name}, of {leftover.Owner ?? "a role that is not known"}, since {Words.Time(leftover.Since)}: {leftover.State}");
        foreach (var kept in status.Kept)
            console.WriteLine($"kept {kept.Database} of failed {MessageText.List(kept.Tests)} in {kept.Project}, until {Words.Time(kept.Until)}");
        if (status.TestDatabase is { } database)
            Print(console, database);
    }

    private static void Print(IAnsiConsole console, TestDatabaseAnswer database)
    {
        if (!database.Exists)
        {
            console.WriteLine($"{database.Database} does not exist; \"schema-isolation setup\" makes it");
            return;
        }

        console.WriteLine($"{database.Database}, migrated {Words.Time(database.MigratedAt)}, {database.Pending.Count} migrations pending");
        foreach (var line in database.Pending.Select(name => $"  pending {name}").Concat(database.Strays.Select(stray => $"  {stray}")))
            console.WriteLine(line);
        var table = new Table().Border(TableBorder.Simple).AddColumn("Table").AddColumn("Rows", column => column.RightAligned());
        foreach (var counted in database.Tables)
            table.AddRow(Markup.Escape(counted.Table), counted.Rows.ToString("N0", CultureInfo.InvariantCulture));
        console.Write(table);
    }
}
