namespace SchemaIsolation.Keeper.Migrations;

/// <summary>A file cut into the statements that are run.</summary>
/// <param name="File">Where they come from.</param>
/// <param name="Statements">In the order of the file; of a file with an up and a down section, those of the first.</param>
/// <param name="RunsInTransaction">True when all are sent as one transaction; false when each is sent on its own.</param>
internal sealed record SqlScript(MigrationFile File, IReadOnlyList<SqlStatement> Statements, bool RunsInTransaction)
{
    /// <exception cref="SchemaIsolationException">SI1205: the text is not a script that can be run without psql.</exception>
    public static SqlScript Parse(MigrationFile file) => new SqlScriptReader(file).Read();
}
