using System.CommandLine;
using SchemaIsolation.Keeper.Commands.Answers;
using SchemaIsolation.Keeper.Inspection;
using SchemaIsolation.Keeper.Templates;
using Spectre.Console;

namespace SchemaIsolation.Keeper.Commands;

/// <summary>Lists the templates on a server.</summary>
internal static class TemplatesCommand
{
    public static Command Create() => new ToolCommand(
        "templates",
        "Lists the templates on the server: whose, how large, when built, and when used last.",
        RunAsync,
        ("templates", "to see which are this project's"),
        ("templates --json", "for a program"));

    public static async Task<IReadOnlyList<FoundTemplateAnswer>> ListAsync(ToolServer server, CancellationToken cancellationToken)
    {
        var own = server.Sources
            .SelectMany(source => Enum.GetValues<TemplateKind>().Select(kind => (Database: source.Value.NameOn(server.Postgres.Description, kind), Name: source.Key, Kind: kind.ToString().ToLowerInvariant())))
            .ToLookup(template => template.Database);
        return [.. (await ServerInventory.ListTemplatesAsync(server.Postgres, cancellationToken)).Select(Describe)];

        FoundTemplateAnswer Describe(FoundTemplate template) => new(
            template.Name.ToString(),
            [.. own[template.Name].Select(source => source.Name).Distinct(StringComparer.Ordinal)],
            own[template.Name].FirstOrDefault().Kind,
            template.Owner,
            template.Bytes,
            template.Since,
            template.UsedAt);
    }

    public static void Print(IAnsiConsole console, IReadOnlyList<FoundTemplateAnswer> templates)
    {
        if (templates.Count == 0)
        {
            console.WriteLine("no templates");
            return;
        }

        var table = new Table().Border(TableBorder.Simple).AddColumns("Template", "Of this project", "Kind", "Owner", "Size", "Built", "Last used");
        foreach (var template in templates)
        {
            table.AddRow(new[] { template.Database, string.Join(", ", template.Names), template.Kind ?? string.Empty, template.Owner, Words.Megabytes(template.Bytes), Words.Time(template.Since), Words.Time(template.UsedAt) }
                .Select(Markup.Escape).ToArray());
        }

        console.Write(table);
    }

    private static async Task<int> RunAsync(ToolRun run, CancellationToken cancellationToken)
    {
        await using var server = await ToolServer.OpenAsync(run, cancellationToken);
        var templates = await ListAsync(server, cancellationToken);
        run.Answer(new TemplatesAnswer(templates), AnswerJson.Readable.TemplatesAnswer, console => Print(console, templates));
        return ToolRun.Done;
    }
}
