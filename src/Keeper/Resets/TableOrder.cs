namespace SchemaIsolation.Keeper.Resets;

/// <summary>The order in which foreign keys let rows be deleted.</summary>
internal static class TableOrder
{
    /// <summary>Each table before those it refers to; within a cycle there is no such order, and any will do.</summary>
    public static IReadOnlyList<PristineTable> ReferringFirst(IReadOnlyList<PristineTable> tables, IEnumerable<(uint From, uint To)> references)
    {
        var referring = references.ToLookup(reference => reference.To, reference => reference.From);
        var byId = tables.ToDictionary(table => table.Id);
        var seen = new HashSet<uint>();
        var ordered = new List<PristineTable>();
        foreach (var table in tables)
            Visit(table);
        return ordered;

        void Visit(PristineTable table)
        {
            if (!seen.Add(table.Id))
                return;

            foreach (var from in referring[table.Id])
            {
                if (byId.TryGetValue(from, out var other))
                    Visit(other);
            }

            ordered.Add(table);
        }
    }
}
