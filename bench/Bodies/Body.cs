using Npgsql;
using SchemaIsolation.Bench.Arms;
using SchemaIsolation.Bench.Suites;

namespace SchemaIsolation.Bench.Bodies;

/// <summary>The statements of one test: the same for every arm, chosen by the number of the test.</summary>
internal sealed class Body
{
    private const int LightStatements = 9;
    private const int UsualRows = 3;
    private const int UsualReadsOfRow = 3;
    private const int UsualStatementsOnConnection = 4;

    // Each opens a connection.
    private readonly IReadOnlyList<IReadOnlyList<Statement>> calls;

    private Body(IReadOnlyList<IReadOnlyList<Statement>> calls) => this.calls = calls;

    /// <param name="suite">The tables.</param>
    /// <param name="kind">How much of them.</param>
    /// <param name="number">Of the test; no two tests of a run have the same.</param>
    public static Body Create(Suite suite, BodyKind kind, int number)
    {
        var random = new Random(number);
        var group = suite.Groups[random.Next(suite.Groups.Count)];
        return kind switch
        {
            BodyKind.Reads => new Body([Reads(suite, random, number)]),
            BodyKind.Light => new Body([Light(group, random, number)]),
            BodyKind.Usual => new Body([.. Usual(group, number).Chunk(UsualStatementsOnConnection)]),
            BodyKind.WritesAll => new Body([WritesAll(suite, number)]),
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, message: null),
        };
    }

    public async Task RunAsync(ITestState state, CancellationToken cancellationToken)
    {
        foreach (var call in calls)
            await state.UseAsync(connection => RunAsync(connection, call, cancellationToken), cancellationToken);
    }

    private static async Task RunAsync(NpgsqlConnection connection, IReadOnlyList<Statement> statements, CancellationToken cancellationToken)
    {
        foreach (var statement in statements)
        {
            await using var command = new NpgsqlCommand(statement.Sql, connection);
            command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = statement.Ref });
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
            {
                // Fetched, as a test would; what it holds is nobody's concern here.
            }
        }
    }

    private static string Ref(int number, int row) => $"test_{number}_{row}";

    private static List<Statement> Reads(Suite suite, Random random, int number)
        => [.. Enumerable.Range(0, LightStatements).Select(row => new Statement(suite.Tables[random.Next(suite.Tables.Count)].Select, Ref(number, row)))];

    private static List<Statement> Light(IReadOnlyList<Table> group, Random random, int number) =>
    [
        .. group.Select(table => new Statement(table.Insert, Ref(number, row: 0))),
        .. group.Select(table => new Statement(table.Select, Ref(number, row: 0))),
        new Statement(group[random.Next(group.Count)].Update, Ref(number, row: 0)),
    ];

    // 4 tables × 3 rows × (1 insert + 1 update + 3 reads).
    private static IEnumerable<Statement> Usual(IReadOnlyList<Table> group, int number)
        => from row in Enumerable.Range(0, UsualRows)
           from table in @group
           from sql in Enumerable.Repeat(table.Select, UsualReadsOfRow - 1).Prepend(table.Insert).Append(table.Update).Append(table.Select)
           select new Statement(sql, Ref(number, row));

    private static List<Statement> WritesAll(Suite suite, int number) =>
    [
        .. suite.Tables.Select(table => new Statement(table.Insert, Ref(number, row: 0))),
        .. suite.Tables.Select(table => new Statement(table.Select, Ref(number, row: 0))),
    ];
}
