using SchemaIsolation.Keeper.Postgres;

namespace SchemaIsolation.Keeper.Inspection;

/// <param name="Name">Its database.</param>
/// <param name="Owner">The role that built it.</param>
/// <param name="Bytes">Its size; null where our role may not ask.</param>
/// <param name="Since">Since when it is there; null where our role may not know.</param>
/// <param name="UsedAt">When a session began to use it last, to the hour; null when that is not known.</param>
internal sealed record FoundTemplate(DatabaseName Name, string Owner, long? Bytes, DateTimeOffset? Since, DateTimeOffset? UsedAt);
