using System.Globalization;
using SchemaIsolation.Keeper.Postgres;

namespace SchemaIsolation.Keeper.Resets;

/// <summary>What a clone of a template is like while nobody has used it. All clones of one template are alike, object ids included.</summary>
internal sealed class Pristine
{
    private readonly ILookup<uint, uint> referring;

    private Pristine(
        IReadOnlyList<PristineTable> tables,
        ILookup<uint, uint> referring,
        IReadOnlyList<PristineSequence> sequences,
        IReadOnlyList<PristineIndex> indexes,
        IReadOnlyList<string> values,
        IReadOnlyDictionary<string, (long Count, string Content)> catalogues,
        string countCatalogues)
    {
        Tables = tables;
        this.referring = referring;
        Sequences = sequences;
        Indexes = indexes;
        Values = values;
        Catalogues = catalogues;
        CountCatalogues = countCatalogues;
        FindChanged = ResetSql.FindChanged([.. tables.Select(table => (table.Id, table.Size, table.ToastSize, table.Pages, table.Tuples, table.Visible, table.IsLarge ? table.File : (uint?)null))]);
        var empty = tables.Where(table => table.IsEmpty).Select(table => table.Id).ToHashSet();
        FindResized = ResetSql.FindResized([.. indexes.Select(index => (index.Id, index.Size, empty.Contains(index.Table) ? index.MostSizeWhenEmpty : index.Size))]);
        ReadValues = ReadValuesOf(tables, sequences);
    }

    /// <summary>The statement that counts what was written to the catalogues.</summary>
    public string CountCatalogues { get; }

    /// <summary>The statement that finds its tables that are not as here.</summary>
    public string FindChanged { get; }

    /// <summary>The statement that finds its indexes that are of another size than here.</summary>
    public string FindResized { get; }

    /// <summary>The statement that reads what <see cref="Values"/> has here.</summary>
    public string ReadValues { get; }

    /// <summary>Each before those that it refers to, so that rows can be deleted in this order.</summary>
    public IReadOnlyList<PristineTable> Tables { get; }

    public IReadOnlyList<PristineSequence> Sequences { get; }

    public IReadOnlyList<PristineIndex> Indexes { get; }

    /// <summary>What <see cref="ReadValues"/> reads there.</summary>
    public IReadOnlyList<string> Values { get; }

    public IReadOnlyDictionary<string, (long Count, string Content)> Catalogues { get; }

    public IEnumerable<PristineTable> FilledTables => Tables.Where(table => !table.IsEmpty);

    /// <summary>Those that are read whole each time, as their size says nothing of a row that was replaced.</summary>
    private static IEnumerable<PristineTable> ReadTables(IEnumerable<PristineTable> tables) => tables.Where(table => !table.IsEmpty && !table.IsLarge);

    /// <param name="connection">To a clone that nobody has used, or to the template itself.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public static async Task<Pristine> ReadAsync(ResetConnection connection, CancellationToken cancellationToken)
    {
        var references = await connection.ReadAsync(
            ResetSql.ListForeignKeys, reader => (From: reader.GetFieldValue<uint>(0), To: reader.GetFieldValue<uint>(1)), cancellationToken);
        var tables = await ReadTablesAsync(connection, references, cancellationToken);
        var sequences = await ReadSequencesAsync(connection, cancellationToken);
        var indexes = await connection.ReadAsync(
            ResetSql.ListIndexes,
            reader => new PristineIndex(reader.GetFieldValue<uint>(0), reader.GetString(1), reader.GetInt64(2), reader.GetFieldValue<uint>(3), reader.GetString(4)),
            cancellationToken);
        var next = await connection.ReadOneAsync<string>(ResetSql.NextTransaction, cancellationToken);
        var catalogues = await connection.ReadAsync(
            ResetSql.CountCatalogues(connection.IsSuperuser, withContent: true),
            reader => (Name: reader.GetString(0), Count: reader.GetInt64(1), Content: reader.GetString(3)),
            cancellationToken,
            next);
        return new Pristine(
            tables,
            references.ToLookup(reference => reference.To, reference => reference.From),
            sequences,
            indexes,
            await connection.ReadOneAsync<string[]>(ReadValuesOf(tables, sequences), cancellationToken),
            catalogues.ToDictionary(catalogue => catalogue.Name, catalogue => (catalogue.Count, catalogue.Content), StringComparer.Ordinal),
            ResetSql.CountCatalogues(
                connection.IsSuperuser,
                withContent: false,
                empty: await connection.ReadAsync(ResetSql.ListEmptyCatalogues, reader => reader.GetString(0), cancellationToken)));
    }

    /// <summary>These and those that refer to them, and so on: without them no row can be deleted where foreign keys hold.</summary>
    public IReadOnlyList<PristineTable> WithReferring(IEnumerable<PristineTable> changed)
    {
        var found = new HashSet<uint>();
        var next = new Stack<uint>(changed.Select(table => table.Id));
        while (next.TryPop(out var id))
        {
            if (!found.Add(id))
                continue;
            foreach (var from in referring[id])
                next.Push(from);
        }

        return [.. Tables.Where(table => found.Contains(table.Id))];
    }

    /// <summary>Reads what rows there are, wherever they lie, and how many of the tables that are large.</summary>
    public string ReadContents()
        => ResetSql.Read(Tables.Select(table => table.IsLarge ? ResetSql.CountAllRows(table.Name) : ResetSql.HashContents(table.Name)));

    /// <summary>The table or sequence that a value was read from.</summary>
    public (PristineTable? Table, PristineSequence? Sequence) SourceOf(int value)
    {
        var read = ReadTables(Tables).ToList();
        return value < read.Count ? (read[value], null) : (null, Sequences[value - read.Count]);
    }

    private static string ReadValuesOf(IReadOnlyList<PristineTable> tables, IReadOnlyList<PristineSequence> sequences)
        => ResetSql.Read([
            .. ReadTables(tables).Select(table => ResetSql.HashRows(table.Name)),
            .. sequences.Select(sequence => ResetSql.ReadSequence(sequence.Name)),
        ]);

    private static async Task<IReadOnlyList<PristineTable>> ReadTablesAsync(
        ResetConnection connection, IReadOnlyList<(uint From, uint To)> references, CancellationToken cancellationToken)
    {
        var tables = await connection.ReadAsync(
            ResetSql.ListTables,
            reader => new PristineTable(
                reader.GetFieldValue<uint>(0), reader.GetString(1), reader.GetBoolean(2), reader.GetInt64(3), reader.GetInt64(4), reader.GetInt32(5), reader.GetFloat(6),
                reader.GetInt32(7), reader.GetFieldValue<uint>(8)),
            cancellationToken);
        var ordered = new List<PristineTable>();
        foreach (var table in TableOrder.ReferringFirst(tables, references))
        {
            var canBeWritten = !table.IsEmpty && !table.IsLarge && !table.IsMaterialized;
            ordered.Add(table with
            {
                Rows = canBeWritten ? await connection.TryCopyOutAsync(table.Name, cancellationToken) : null,
                RowCount = table.IsLarge ? await connection.ReadOneAsync<long>(ResetSql.CountAllRows(table.Name), cancellationToken) : 0,
            });
        }

        return ordered;
    }

    private static async Task<IReadOnlyList<PristineSequence>> ReadSequencesAsync(ResetConnection connection, CancellationToken cancellationToken)
    {
        var sequences = await connection.ReadAsync(ResetSql.ListSequences, reader => (Id: reader.GetFieldValue<uint>(0), Name: reader.GetString(1)), cancellationToken);
        var states = await connection.ReadOneAsync<string[]>(ResetSql.Read(sequences.Select(sequence => ResetSql.ReadSequence(sequence.Name))), cancellationToken);
        return [.. sequences.Zip(states, (sequence, state) =>
        {
            var parts = state.Split(' ');
            return new PristineSequence(sequence.Id, sequence.Name, long.Parse(parts[0], CultureInfo.InvariantCulture), IsCalled: parts[2] == "t");
        })];
    }
}
