namespace SchemaIsolation.Keeper.Resets;

/// <summary>What of a database's rows is not as in one that nobody has used.</summary>
/// <param name="Tables">Tables whose rows, or the space they lie in, differ.</param>
/// <param name="Sequences">Sequences that stand elsewhere.</param>
/// <param name="Indexes">Indexes of another size.</param>
internal sealed record Changes(IReadOnlyList<PristineTable> Tables, IReadOnlyList<PristineSequence> Sequences, IReadOnlyList<string> Indexes)
{
    public bool IsNone => Tables.Count + Sequences.Count + Indexes.Count == 0;

    public override string ToString()
        => MessageText.List([
            .. Tables.Select(table => $"the rows of {table.Name}"),
            .. Sequences.Select(sequence => $"the sequence {sequence.Name}"),
            .. Indexes.Select(index => $"the size of index {index}"),
        ]);
}
