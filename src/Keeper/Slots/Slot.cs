using SchemaIsolation.Keeper.Postgres;

namespace SchemaIsolation.Keeper.Slots;

/// <summary>One isolated state that can be leased.</summary>
/// <param name="Source">Who made it, and drops it.</param>
/// <param name="Database">The database it is in, or is.</param>
/// <param name="Schema">The schema it is; null when it is the database.</param>
internal sealed record Slot(ISlotSource Source, DatabaseName Database, string? Schema)
{
    /// <summary>Where unqualified names lead; null for the server's default.</summary>
    /// <remarks>
    /// Where there are no extensions <c>public</c> is left out: code that forgot to create its schema would create its tables there, in front of
    /// all other tests.
    /// </remarks>
    public string? SearchPath => Schema is null || !Source.HasExtensions ? Schema : SchemaName.SearchPathOf(Schema);

    public string Name => Schema ?? Database.ToString();

    public override string ToString() => Schema is null ? Database.ToString() : $"{Database}.{Schema}";
}
