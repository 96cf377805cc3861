namespace SchemaIsolation.Keeper.Resets;

/// <summary>An index of a database that nobody has used.</summary>
/// <param name="Id">Its object id, the same in every clone.</param>
/// <param name="Name">With its schema, quoted.</param>
/// <param name="Size">Bytes.</param>
/// <param name="Table">The table's object id.</param>
/// <param name="Method">How it is built.</param>
internal sealed record PristineIndex(uint Id, string Name, long Size, uint Table, string Method)
{
    private const long PageSize = 8192;

    /// <summary>Whether a scan returns rows as they come to lie in it, which hangs on what else was written before, and on chance.</summary>
    public bool HasOrderOfItsOwn => Method is not ("btree" or "gin" or "brin");

    /// <summary>Of a table without rows: a tree that has held one keeps a page for the next, which a new one gets with its first.</summary>
    public long MostSizeWhenEmpty => Method == "btree" ? Size + PageSize : Size;
}
