namespace SchemaIsolation.Bench.Bodies;

/// <summary>What a test does between its lease and its release.</summary>
internal enum BodyKind
{
    /// <summary>9 statements that read, on one connection.</summary>
    Reads,

    /// <summary>9 statements that write 4 tables, on one connection.</summary>
    Light,

    /// <summary>60 statements that write 4 tables, 4 on each connection that is opened from the pool.</summary>
    Usual,

    /// <summary>A row for each table, written and read, on one connection.</summary>
    WritesAll,
}
