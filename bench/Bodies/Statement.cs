namespace SchemaIsolation.Bench.Bodies;

/// <param name="Sql">Its text.</param>
/// <param name="Ref">Its $1.</param>
internal sealed record Statement(string Sql, string Ref);
