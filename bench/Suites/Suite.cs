namespace SchemaIsolation.Bench.Suites;

/// <summary>What the tests of all arms work on.</summary>
/// <param name="Migrations">The folder of migrations.</param>
/// <param name="Tables">What they make, those that others depend on first.</param>
/// <param name="Groups">Sets of four tables that depend on no others, in the order of dependency.</param>
internal sealed record Suite(string Migrations, IReadOnlyList<Table> Tables, IReadOnlyList<IReadOnlyList<Table>> Groups)
{
    /// <summary>All migrations as one text, as the quickest way of running them wants it.</summary>
    public async Task<string> ReadMigrationsAsync(CancellationToken cancellationToken)
    {
        var files = Directory.EnumerateFiles(Migrations, "*.sql").Order(StringComparer.Ordinal);
        return string.Join('\n', await Task.WhenAll(files.Select(file => File.ReadAllTextAsync(file, cancellationToken))));
    }
}
