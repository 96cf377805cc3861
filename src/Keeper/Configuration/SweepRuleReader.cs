using System.Text;
using Microsoft.Extensions.Configuration;
using SchemaIsolation.Keeper.Postgres;

namespace SchemaIsolation.Keeper.Configuration;

/// <summary>Reads the rules of one layer: one rule, or rules numbered from 0.</summary>
/// <param name="origin">How a message names the layer.</param>
/// <param name="mistakes">Takes what is wrong.</param>
internal sealed class SweepRuleReader(string origin, ICollection<string> mistakes)
{
    private const string Database = nameof(Database);
    private const string Schemas = nameof(Schemas);
    private const string AllowDatabase = nameof(AllowDatabase);
    private const int MaxNameBytes = 63;

    private static readonly string[] Keys = [Database, Schemas, AllowDatabase];

    public IReadOnlyList<SweepRule> Read(IConfigurationSection section) => [.. SectionItems.Of(section).Select(ReadRule).OfType<SweepRule>()];

    /// <returns>Null when it has a mistake.</returns>
    private SweepRule? ReadRule(IConfigurationSection rule)
    {
        var before = mistakes.Count;
        foreach (var unknown in rule.GetChildren().Where(child => !Keys.Contains(child.Key, StringComparer.OrdinalIgnoreCase)))
            Mistake(rule, $"has \"{unknown.Key}\"; legal are {string.Join(", ", Keys)}.");

        var database = ReadDatabase(rule);
        var patterns = ReadPatterns(rule);
        var allowed = rule[AllowDatabase];
        if (rule.GetSection(AllowDatabase).Exists() && allowed != database)
            Mistake(rule, $"has {AllowDatabase} \"{allowed}\"; legal is the name that {Database} has.");

        return mistakes.Count == before ? new SweepRule(database!, patterns, allowed is not null) : null;
    }

    private string? ReadDatabase(IConfigurationSection rule)
    {
        var database = rule[Database];
        if (database is null)
            Mistake(rule, $"has no {Database}; it is the name of the database whose schemas are swept.");
        else if (Encoding.UTF8.GetByteCount(database) is 0 or > MaxNameBytes || database.Contains('\0', StringComparison.Ordinal))
            Mistake(rule, $"has {Database} \"{database}\"; legal is a database name, 1 to {MaxNameBytes} bytes.");
        return database;
    }

    private List<SchemaPattern> ReadPatterns(IConfigurationSection rule)
    {
        var section = rule.GetSection(Schemas);
        var texts = section.GetChildren().Select(child => child.Value ?? string.Empty).ToList();
        if (texts.Count == 0)
            texts = [.. (section.Value ?? string.Empty).Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)];
        if (texts.Count == 0)
            Mistake(rule, $"has no {Schemas}; it is one or more patterns such as \"test_*\", separated by \";\".");

        var patterns = new List<SchemaPattern>();
        foreach (var text in texts)
        {
            try
            {
                patterns.Add(SchemaPattern.Parse(text));
            }
            catch (FormatException exception)
            {
                Mistake(rule, $"has the pattern \"{text}\", which is refused: {exception.Message}");
            }
        }

        return patterns;
    }

    private void Mistake(IConfigurationSection rule, string what) => mistakes.Add($"\"{rule.Path}\" in {origin} {what}");
}
