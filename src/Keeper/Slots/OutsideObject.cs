using SchemaIsolation.Keeper.Postgres;

namespace SchemaIsolation.Keeper.Slots;

/// <summary>Something in a database of schema slots that is in none of them.</summary>
/// <param name="Database">Where it is.</param>
/// <param name="Name">Its kind and name, such as <c>table public.t</c>.</param>
/// <param name="Leases">The leases one of which made it.</param>
internal sealed record OutsideObject(DatabaseName Database, string Name, IReadOnlyList<int> Leases);
