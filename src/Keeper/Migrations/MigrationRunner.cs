using Npgsql;
using SchemaIsolation.Keeper.Postgres;

namespace SchemaIsolation.Keeper.Migrations;

/// <summary>Runs migrations and seeds.</summary>
internal static class MigrationRunner
{
    /// <param name="connection">Open, outside a transaction, and used by nobody else; when this throws, not fit for further use.</param>
    /// <param name="files">In the order in which they run.</param>
    /// <param name="target">Where unqualified names lead.</param>
    /// <param name="timeLimitPerFile">More than zero, or <see cref="Timeout.InfiniteTimeSpan"/>.</param>
    /// <param name="cancellationToken">Ends the statement that runs, but for a COPY, which its limit alone ends; what was committed stays.</param>
    /// <param name="isInTransaction">Whether the connection is in a transaction, of which all files are a part; each of them has to allow that.</param>
    /// <returns>One entry per file.</returns>
    /// <exception cref="SchemaIsolationException">
    /// SI1205: a file cannot be run, found before any of them is; SI1206: the server refused a statement; SI1210: a file took longer
    /// than the limit; SI1108: the connection broke.
    /// </exception>
    public static async Task<IReadOnlyList<MigrationTiming>> RunAsync(
        NpgsqlConnection connection,
        IReadOnlyList<MigrationFile> files,
        MigrationTarget target,
        TimeSpan timeLimitPerFile,
        CancellationToken cancellationToken,
        bool isInTransaction = false)
    {
        var scripts = files.Select(SqlScript.Parse).ToList();
        var extensions = await SharedExtensions.ReadAsync(connection, scripts, target, cancellationToken);

        var timings = new List<MigrationTiming>(scripts.Count);
        foreach (var script in scripts)
        {
            using var limit = new FileTimeLimit(timeLimitPerFile, cancellationToken);
            try
            {
                await new ScriptRun(connection, script, limit, isInTransaction).RunAsync(target, extensions);
            }
            catch (Exception exception) when (limit.Caused(exception))
            {
                throw limit.ToException(script.File, exception);
            }
            catch (NpgsqlException exception)
            {
                throw ServerFailure.OnStatement($"The migration \"{script.File.Name}\"", exception);
            }

            timings.Add(new MigrationTiming(script.File.Name, limit.Elapsed));
        }

        return timings;
    }
}
