namespace SchemaIsolation.Keeper.Resets;

/// <summary>A table, or materialized view, of a database that nobody has used.</summary>
/// <param name="Id">Its object id, the same in every clone.</param>
/// <param name="Name">With its schema, quoted.</param>
/// <param name="IsMaterialized">Whether it is a view's content, which cannot be deleted.</param>
/// <param name="Size">Bytes; 0 for one in which never a row was written.</param>
/// <param name="ToastSize">Bytes of its large values.</param>
/// <param name="Pages">As the planner knows it.</param>
/// <param name="Tuples">As the planner knows it.</param>
/// <param name="Visible">Pages whose rows are visible to all, as the planner knows it.</param>
/// <param name="File">The number of its file; another after it was written anew, perhaps in another order.</param>
internal sealed record PristineTable(uint Id, string Name, bool IsMaterialized, long Size, long ToastSize, int Pages, float Tuples, int Visible, uint File)
{
    /// <summary>Beyond that, reading the rows after each test, or holding them in memory, would cost more than another clone.</summary>
    private const long LargeSize = 1024 * 1024;

    public bool IsEmpty => Size == 0;

    public bool IsLarge => Size + ToastSize > LargeSize;

    /// <summary>How many rows there are where that is counted instead of reading them.</summary>
    public long RowCount { get; init; }

    /// <summary>What to write after a reset's delete; null for what cannot be written.</summary>
    public byte[]? Rows { get; init; }
}
