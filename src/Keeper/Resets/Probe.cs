using Npgsql;
using SchemaIsolation.Keeper.Postgres;

namespace SchemaIsolation.Keeper.Resets;

/// <summary>Compares a database with a pristine one: exactly, and without trusting any statistics.</summary>
/// <param name="connection">To the database.</param>
/// <param name="pristine">What it was cloned as.</param>
internal sealed class Probe(ResetConnection connection, Pristine pristine)
{
    private readonly IReadOnlyList<PristineTable> large = [.. pristine.Tables.Where(table => table.IsLarge)];

    /// <summary>Looks at the rows alone, not at indexes, which seldom change size, and not at all catalogues: for what there is to be undone.</summary>
    /// <returns>What is not as it was, and whether tables, rules, triggers or functions were made or altered since then.</returns>
    public async Task<(Changes Changes, bool MayRunCode)> FindChangesAsync(string since, CancellationToken cancellationToken)
    {
        var answers = await connection.ReadAllAsync([.. RowQueries(since), (ResetSql.FindCode, [since])], Read, cancellationToken);
        return (ReadChanges(answers, resized: []), (bool)answers[^1][0]);
    }

    /// <summary>All there is to be looked at, in one round trip.</summary>
    /// <param name="since">From which transaction on what was written is not the template's.</param>
    /// <param name="workSince">From when on work of others is told.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<Proof> ProveAsync(string since, string workSince, CancellationToken cancellationToken)
    {
        // The work of others last, so that it tells of whoever has written since something was read; the rows next to it, as a connection that is
        // closed again is told no more.
        var answers = await connection.ReadAllAsync(
            [
                (ResetSql.OldestTransaction, []),
                (pristine.FindResized, []),
                (pristine.CountCatalogues, [since]),
                .. RowQueries(since),
                (ResetSql.FindActivity, [workSince]),
            ],
            Read,
            cancellationToken);
        return new Proof(
            (string)answers[0][0],
            ReadChanges([.. answers.Skip(3)], resized: answers[1]),
            FindTouched(answers[2].Cast<CatalogueCount>()),
            (string?)answers[^1].FirstOrDefault());
    }

    /// <summary>Catalogues that were written to since then, though perhaps with what was there before.</summary>
    public async Task<IReadOnlyList<string>> FindTouchedAsync(string since, CancellationToken cancellationToken)
        => FindTouched(await connection.ReadAsync(pristine.CountCatalogues, ReadCount, cancellationToken, since));

    /// <summary>What of catalogues that were written to is not as it was: TRUNCATE and REINDEX give a table another file, and ALTER SEQUENCE … RESTART the same definition.</summary>
    /// <param name="catalogues">Those that were written to.</param>
    /// <param name="since">From which transaction on what was written is not the template's.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <param name="mostObjects">How many are named of each.</param>
    public async Task<CatalogueChange> CompareAsync(IReadOnlyList<string> catalogues, string since, CancellationToken cancellationToken, int mostObjects = 3)
    {
        var changed = catalogues.Where(catalogue => ResetSql.HasNoTimes(catalogue, connection.IsSuperuser)).ToList();
        var comparable = catalogues.Except(changed, StringComparer.Ordinal).ToList();
        if (comparable.Count > 0)
        {
            var counts = await connection.ReadAsync(
                ResetSql.CountCatalogues(connection.IsSuperuser, withContent: true, comparable), ReadCount, cancellationToken, since);
            changed.AddRange(counts.Where(count => count.Content != pristine.Catalogues[count.Name].Content).Select(count => count.Name));
        }

        var objects = new List<string>();
        foreach (var catalogue in changed.Where(ResetSql.HasObjects))
            objects.AddRange(await connection.ReadAsync(ResetSql.DescribeChanges(catalogue, mostObjects), reader => reader.IsDBNull(0) ? catalogue : reader.GetString(0), cancellationToken, since));
        return new CatalogueChange(changed, objects);
    }

    private static object Read(NpgsqlDataReader reader)
        => reader.FieldCount > 1
            ? ReadCount(reader)
            : reader.GetFieldType(0) == typeof(uint) ? reader.GetFieldValue<uint>(0) : reader.GetValue(0);

    private static CatalogueCount ReadCount(NpgsqlDataReader reader)
        => new(reader.GetString(0), reader.GetInt64(1), reader.GetInt64(2), reader.IsDBNull(3) ? null : reader.GetString(3));

    private IReadOnlyList<string> FindTouched(IEnumerable<CatalogueCount> counts) => [.. counts.Where(count => count.IsTouched(pristine)).Select(count => count.Name)];

    private IEnumerable<(string Sql, string[] Parameters)> RowQueries(string since) =>
    [
        (pristine.FindChanged, []),
        (pristine.ReadValues, []),
        .. large.Select(table => (ResetSql.CountRows(table.Name), (string[])[since])),
    ];

    private Changes ReadChanges(IReadOnlyList<IReadOnlyList<object>> rows, IReadOnlyList<object> resized)
    {
        var changed = rows[0].Concat(FindChangedLarge(rows.Skip(2))).Cast<uint>().ToHashSet();
        var sequences = new List<PristineSequence>();
        FindChangedValues((string[])rows[1][0], changed, sequences);
        var ids = resized.Cast<uint>().ToHashSet();
        return new Changes(
            [.. pristine.Tables.Where(table => changed.Contains(table.Id))],
            sequences,
            [.. pristine.Indexes.Where(index => ids.Contains(index.Id)).Select(index => index.Name)]);
    }

    private IEnumerable<object> FindChangedLarge(IEnumerable<IReadOnlyList<object>> counts)
        => large.Zip(counts).Where(pair => (string)pair.Second[0] != FormattableString.Invariant($"{pair.First.RowCount} 0")).Select(pair => (object)pair.First.Id);

    private void FindChangedValues(string[] values, HashSet<uint> tables, List<PristineSequence> sequences)
    {
        for (var i = 0; i < values.Length; i++)
        {
            if (values[i] == pristine.Values[i])
                continue;

            var (table, sequence) = pristine.SourceOf(i);
            if (table is not null)
                tables.Add(table.Id);
            else
                sequences.Add(sequence!);
        }
    }
}
