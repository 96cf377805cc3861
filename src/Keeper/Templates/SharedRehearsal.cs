using System.Data;
using Npgsql;
using SchemaIsolation.Keeper.Migrations;
using SchemaIsolation.Keeper.Postgres;

namespace SchemaIsolation.Keeper.Templates;

/// <summary>Runs migrations in a transaction that is rolled back, to see what they would touch in somebody else's database.</summary>
internal static class SharedRehearsal
{
    /// <summary>Whether the files allow it: each runs in one transaction.</summary>
    public static bool IsPossible(IEnumerable<MigrationFile> files) => files.All(file => SqlScript.Parse(file).RunsInTransaction);

    /// <param name="connection">To the database, outside a transaction.</param>
    /// <param name="files">What to run.</param>
    /// <param name="target">A schema that does not exist, and does not afterwards.</param>
    /// <param name="source">Whose files they are.</param>
    /// <param name="cancellationToken">Ends the statement that runs.</param>
    /// <exception cref="SchemaIsolationException">SI1207: they fail; SI1208: they touch what is outside the schema.</exception>
    public static async Task RunAsync(NpgsqlConnection connection, IReadOnlyList<MigrationFile> files, MigrationTarget target, TemplateSource source, CancellationToken cancellationToken)
    {
        // One snapshot: what others commit meanwhile is not taken for ours.
        await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellationToken);
        string[] schema = [target.SchemaName!];
        var own = (await SchemaProof.ListAsync(connection, SharedSql.OwnTransaction, [], cancellationToken))[0];
        var before = await SchemaProof.ListOutsideAsync(connection, schema, cancellationToken);
        await SchemaReplay.CreateAsync(connection, schema[0], source.TestRole, cancellationToken);
        await SchemaReplay.RunCopyAsync(target, copy => MigrationRunner.RunAsync(connection, files, copy, source.TimeLimit, cancellationToken, isInTransaction: true));
        await using (var settings = new NpgsqlBatch(connection))
        {
            foreach (var sql in SharedSql.ForgetSettings)
                settings.BatchCommands.Add(new NpgsqlBatchCommand(sql));
            await settings.ExecuteNonQueryAsync(cancellationToken);
        }

        Refuse([.. (await SchemaProof.ListOutsideAsync(connection, schema, cancellationToken)).Except(before, StringComparer.Ordinal)], "make objects outside their schema");
        Refuse(await SchemaProof.ListAsync(connection, SharedSql.ListTouched, schema, cancellationToken), "use tables outside their schema");
        Refuse(await SchemaProof.ListAsync(connection, SharedSql.ListAltered, [schema[0], own], cancellationToken), "change what is outside their schema");
    }

    private static void Refuse(IReadOnlyList<string> found, string what)
        => SchemaProof.Refuse(found, $"The migrations {what}, where all tests and others would share it. They were rolled back. Leave to the search path where things are, or use a role that may create databases, without SharedDatabase. It is");
}
