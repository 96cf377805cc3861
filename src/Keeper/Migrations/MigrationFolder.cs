using System.Text.RegularExpressions;

namespace SchemaIsolation.Keeper.Migrations;

/// <summary>Reads a folder of migrations in the order in which the common tools apply it.</summary>
/// <remarks>
/// Flyway (<c>V1_2__x.sql</c>, <c>R__x.sql</c>), sqlx, dbmate, golang-migrate and plain numbers (<c>0001_x.sql</c>, <c>1.up.sql</c>),
/// diesel (<c>2024-01-01-000000_x/up.sql</c>), Prisma (<c>20240101120000_x/migration.sql</c>), or no versions at all.
/// </remarks>
internal static partial class MigrationFolder
{
    private const RegexOptions AnyCase = RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture;

    /// <returns>At least one migration.</returns>
    /// <exception cref="SchemaIsolationException">
    /// SI1201: no such folder; SI1202: nothing to run in it; SI1203: two files of one version; SI1204: files with and without a
    /// version; SI1205: a file cannot be read.
    /// </exception>
    public static IReadOnlyList<MigrationFile> Read(string absoluteFolder)
    {
        if (!Directory.Exists(absoluteFolder))
            throw new SchemaIsolationException("SI1201", $"The migration folder \"{absoluteFolder}\" does not exist. Correct the path or create it.");

        var names = SqlFolder.List(absoluteFolder).Where(name => !Undo().IsMatch(name)).ToList();
        if (names.Count == 0)
            throw new SchemaIsolationException("SI1202", $"The migration folder \"{absoluteFolder}\" holds no file that ends in \".sql\", other than those that undo one. Add a migration or correct the path.");

        return [.. Order(names, absoluteFolder).Select(name => SqlFolder.Read(Path.Join(absoluteFolder, name), name))];
    }

    /// <summary>Whether it is run again whenever it has changed, after all that are run once.</summary>
    public static bool IsRepeatable(string name) => Repeatable().IsMatch(name);

    private static IEnumerable<string> Order(IReadOnlyList<string> names, string folder)
    {
        var repeatable = names.Where(IsRepeatable).ToList();
        var once = names.Except(repeatable, StringComparer.Ordinal).Select(name => (Name: name, Version: MigrationVersion.TryParse(name))).ToList();
        var unversioned = once.Where(file => file.Version is null).Select(file => file.Name).ToList();

        if (unversioned.Count > 0 && unversioned.Count < once.Count)
            throw Mixed(unversioned, folder);

        var ordered = unversioned.Count > 0
            ? unversioned
            : OrderByVersion([.. once.Select(file => (file.Name, file.Version!))], folder);
        return ordered.Concat(repeatable.OrderBy(Description, StringComparer.Ordinal).ThenBy(name => name, StringComparer.Ordinal));
    }

    private static IEnumerable<string> OrderByVersion(IEnumerable<(string Name, MigrationVersion Version)> files, string folder)
    {
        var ordered = files.OrderBy(file => file.Version, MigrationVersion.Order).ToList();
        foreach (var (one, next) in ordered.Zip(ordered.Skip(1)))
        {
            if (MigrationVersion.Order.Compare(one.Version, next.Version) == 0)
                throw new SchemaIsolationException("SI1203", $"The migrations \"{one.Name}\" and \"{next.Name}\" in \"{folder}\" both have version \"{one.Version}\". Give each a version of its own.");
        }

        return ordered.Select(file => file.Name);
    }

    private static SchemaIsolationException Mixed(List<string> unversioned, string folder)
    {
        var named = MessageText.List([.. unversioned.Select(name => $"\"{name}\"")]);
        return new SchemaIsolationException("SI1204", $"In the migration folder \"{folder}\" some files have a version and some have none, so their order is unknown: {named} without. Give all files a version, or none, or move those that are not migrations elsewhere.");
    }

    private static string Description(string name) => Repeatable().Match(name).Groups["description"].Value;

    [GeneratedRegex("(^|/)([^/]*\\.)?down\\.sql$|(^|/)U[0-9]+([._][0-9]+)*__[^/]*$", AnyCase, matchTimeoutMilliseconds: -1)]
    private static partial Regex Undo();

    [GeneratedRegex("(^|/)R__(?<description>[^/]*)\\.sql$", AnyCase, matchTimeoutMilliseconds: -1)]
    private static partial Regex Repeatable();
}
