namespace SchemaIsolation.Keeper.Migrations;

/// <summary>What is sent to the server: a statement of the file, or one of ours around it.</summary>
/// <param name="Sql">One statement.</param>
/// <param name="Statement">Null when it is ours.</param>
internal readonly record struct SqlStep(string Sql, SqlStatement? Statement = null)
{
    public SqlStep(SqlStatement statement)
        : this(statement.Text, statement)
    {
    }
}
