using System.Text;

namespace SchemaIsolation.Bench.Suites;

/// <summary>As many tables as are asked for, in chains of four, a migration for every ten.</summary>
internal static class GeneratedSuite
{
    private const int TablesInMigration = 10;
    private const int TablesInChain = 4;

    public static async Task<Suite> WriteAsync(string directory, int count, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(directory);
        foreach (var numbers in Enumerable.Range(0, count).Chunk(TablesInMigration))
        {
            var sql = new StringBuilder();
            foreach (var number in numbers)
                AppendTable(sql, number);
            await File.WriteAllTextAsync(Path.Combine(directory, $"{(numbers[0] / TablesInMigration) + 1:0000}_tables.sql"), sql.ToString(), cancellationToken);
        }

        var tables = Enumerable.Range(0, count).Select(Describe).ToList();
        return new Suite(directory, tables, [.. tables.Chunk(TablesInChain).Where(chain => chain.Length == TablesInChain)]);
    }

    private static bool HasParent(int number) => number % TablesInChain != 0;

    private static string Name(int number) => $"table_{number:000}";

    private static void AppendTable(StringBuilder sql, int number)
    {
        var name = Name(number);
        sql.Append(
            $"""
            create table {name} (
                id         bigint generated always as identity primary key,
                parent_id  bigint{(HasParent(number) ? $" not null references {Name(number - 1)} on delete cascade" : string.Empty)},
                ref        text not null unique,
                payload    jsonb not null default '{"{}"}',
                amount     numeric(12, 2) not null default 0,
                created_at timestamptz not null default now(),

                constraint {name}_amount_not_negative check (amount >= 0)
            );

            create index {name}_parent_idx on {name} (parent_id);

            """);
    }

    private static Table Describe(int number)
    {
        var parent = HasParent(number) ? $"(select id from {Name(number - 1)} where ref = $1)" : "null";
        return new Table(Name(number), $"insert into {Name(number)} (parent_id, ref) values ({parent}, $1)", "ref = $1", "amount = amount + 1");
    }
}
