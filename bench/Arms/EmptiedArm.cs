namespace SchemaIsolation.Bench.Arms;

/// <summary>One shared schema, all of whose tables are emptied after each test.</summary>
internal sealed class EmptiedArm : IArm
{
    private readonly SharedDatabase database;
    private readonly string sql;

    private EmptiedArm(string name, SharedDatabase database, string sql)
    {
        Name = name;
        this.database = database;
        this.sql = sql;
    }

    public string Name { get; }

    public bool IsSerial => true;

    public static EmptiedArm ByTruncate(SharedDatabase database) => new("truncate", database, database.Truncate);

    /// <param name="database">The database.</param>
    /// <param name="tables">Those that others depend on first.</param>
    public static EmptiedArm ByDelete(SharedDatabase database, IEnumerable<string> tables)
        => new("delete", database, string.Join("; ", tables.Reverse().Select(table => $"delete from {table}")));

    public Task PrepareAsync(CancellationToken cancellationToken) => database.ExecuteAsync(database.Truncate, cancellationToken);

    public Task<ITestState> BeginAsync(int test, CancellationToken cancellationToken)
        => Task.FromResult<ITestState>(new SharedState(database.ConnectionString, async () => await database.ExecuteAsync(sql, CancellationToken.None)));

    public ValueTask DisposeAsync() => database.DisposeAsync();
}
