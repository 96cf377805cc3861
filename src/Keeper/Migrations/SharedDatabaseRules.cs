using System.Text.RegularExpressions;
using SchemaIsolation.Keeper.Postgres;

namespace SchemaIsolation.Keeper.Migrations;

/// <summary>What migrations may not do in somebody else's database, seen before any of it is done.</summary>
internal static class SharedDatabaseRules
{
    private static readonly string[] BeyondSchema =
    [
        "create schema", "alter schema", "drop schema", "alter extension", "drop extension", "alter database", "drop owned", "reassign owned",
    ];

    /// <param name="files">Migrations and seeds.</param>
    /// <param name="extensions">Those that the database has.</param>
    /// <param name="offLimits">Schemas that no file may name; none where that is seen by a rehearsal.</param>
    /// <returns>The extensions that they need.</returns>
    /// <exception cref="SchemaIsolationException">SI1205: a file cannot be run; SI1207: one would reach what is not in its schema; SI1217: an extension is not there.</exception>
    public static IReadOnlyList<string> Require(IEnumerable<MigrationFile> files, IReadOnlySet<string> extensions, IReadOnlyCollection<string> offLimits)
    {
        var scripts = files.Select(SqlScript.Parse).ToList();
        foreach (var statement in scripts.SelectMany(script => script.Statements))
        {
            if (BeyondSchema.FirstOrDefault(statement.StartsWith) is { } words)
                throw Refusal(statement.File, statement.Offset, $"\"{words}\" is about more than one schema");
        }

        var created = SharedExtensions.FindCreated(scripts).ToList();
        foreach (var (name, statement) in created.Where(extension => !extensions.Contains(extension.Name)))
            throw new SchemaIsolationException("SI1217", $"The file \"{statement.File.Name}\" creates the extension \"{name}\" at {statement.Position}, which the database that SharedDatabase names does not have, and in which nothing is to be left. Have it created there once.");

        RefuseNames(scripts, offLimits);
        return [.. created.Select(extension => extension.Name).Distinct(StringComparer.Ordinal)];
    }

    // Comments count as well: function bodies and quoted SQL do not stand apart from them either.
    private static void RefuseNames(IEnumerable<SqlScript> scripts, IReadOnlyCollection<string> schemas)
    {
        if (schemas.Count == 0)
            return;

        var names = string.Join('|', schemas.Select(schema => $@"{Regex.Escape(schema)}\b|{Regex.Escape(Identifier.Quote(schema))}"));
        var qualified = new Regex($@"(?<![\w.""])({names})\s*\.\s*[\w""]", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(10));
        foreach (var script in scripts)
        {
            if (qualified.Match(script.File.Text) is { Success: true } match)
                throw Refusal(script.File, match.Index, $"\"{match.Value}…\" is in a schema of others");
        }
    }

    private static SchemaIsolationException Refusal(MigrationFile file, int offset, string why)
        => new("SI1207", $"The file \"{file.Name}\" cannot be run into schemas of the database that SharedDatabase names: at {TextPosition.At(file.Text, offset)}, {why}. Leave the schema to the search path, or use a role that may create databases, without SharedDatabase.");
}
