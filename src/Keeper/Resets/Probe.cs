using Npgsql;
using SchemaIsolation.Keeper.Postgres;

namespace SchemaIsolation.Keeper.Resets;

/// <summary>Compares a database with a pristine one: exactly, and without trusting any statistics.</summary>
/// <param name="connection">To the database.</param>
/// <param name="pristine">What it was cloned as.</param>
/// <param name="since">The transaction id from which on what was written is not the template's.</param>
internal sealed class Probe(ResetConnection connection, Pristine pristine, string since)
{
    private readonly IReadOnlyList<PristineTable> large = [.. pristine.Tables.Where(table => table.IsLarge)];

    /// <summary>All in one round trip.</summary>
    /// <param name="workSince">From when on work of others is told.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<Changes> FindChangesAsync(string workSince, CancellationToken cancellationToken)
    {
        var answers = await connection.ReadAllAsync<object>(
            [
                (ResetSql.CountCatalogues(connection.IsSuperuser, withContent: false), [since]),
                (ResetSql.FindChanged([.. pristine.Tables.Select(table => (table.Id, table.Size, table.ToastSize, table.Pages, table.Tuples, table.Visible, table.IsLarge ? table.File : (uint?)null))]), []),
                (ResetSql.FindGrown([.. pristine.Indexes.Select(index => (index.Id, index.MostSize))]), []),
                (pristine.ReadValues(), []),
                (ResetSql.FindActivity, [workSince]),
                .. large.Select(table => (ResetSql.CountRows(table.Name), (string[])[since])),
            ],
            Read,
            cancellationToken);
        var changed = answers[1].Concat(FindChangedLarge(answers.Skip(5))).Cast<uint>().ToHashSet();
        var sequences = new List<PristineSequence>();
        FindChangedValues((string[])answers[3][0], changed, sequences);
        var grown = answers[2].Cast<uint>().ToHashSet();
        return new Changes(
            [.. pristine.Tables.Where(table => changed.Contains(table.Id))],
            sequences,
            [.. pristine.Indexes.Where(index => grown.Contains(index.Id)).Select(index => index.Name)],
            [.. answers[0].Cast<CatalogueCount>().Where(count => count.IsTouched(pristine)).Select(count => count.Name)],
            (string?)answers[4].FirstOrDefault());
    }

    /// <summary>What of catalogues that were written to is not as it was: TRUNCATE and REINDEX give a table another file, and ALTER SEQUENCE … RESTART the same definition.</summary>
    public async Task<CatalogueChange> CompareAsync(IReadOnlyList<string> catalogues, CancellationToken cancellationToken)
    {
        var changed = catalogues.Where(catalogue => ResetSql.HasNoTimes(catalogue, connection.IsSuperuser)).ToList();
        var comparable = catalogues.Except(changed, StringComparer.Ordinal).ToList();
        if (comparable.Count > 0)
        {
            var counts = await connection.ReadAsync(
                ResetSql.CountCatalogues(connection.IsSuperuser, withContent: true, comparable), reader => (CatalogueCount)Read(reader), cancellationToken, since);
            changed.AddRange(counts.Where(count => count.Content != pristine.Catalogues[count.Name].Content).Select(count => count.Name));
        }

        var objects = new List<string>();
        foreach (var catalogue in changed.Where(ResetSql.HasObjects))
            objects.AddRange(await connection.ReadAsync(ResetSql.DescribeChanges(catalogue), reader => reader.IsDBNull(0) ? catalogue : reader.GetString(0), cancellationToken, since));
        return new CatalogueChange(changed, objects);
    }

    private static object Read(NpgsqlDataReader reader)
        => reader.FieldCount > 1
            ? new CatalogueCount(reader.GetString(0), reader.GetInt64(1), reader.GetInt64(2), reader.IsDBNull(3) ? null : reader.GetString(3))
            : reader.GetFieldType(0) == typeof(uint) ? reader.GetFieldValue<uint>(0) : reader.GetValue(0);

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
