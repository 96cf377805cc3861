using SchemaIsolation.Keeper.Postgres;

namespace SchemaIsolation.Keeper.Configuration;

/// <summary>Schemas that suites make themselves, and that may be dropped when no session is alive on their database.</summary>
/// <param name="Database">The database they are in.</param>
/// <param name="Schemas">Which of its schemas: those that match any.</param>
/// <param name="IsAllowed">Whether the user has said that the database may be swept although nothing marks it as one of tests.</param>
internal sealed record SweepRule(string Database, IReadOnlyList<SchemaPattern> Schemas, bool IsAllowed);
