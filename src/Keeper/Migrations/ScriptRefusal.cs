namespace SchemaIsolation.Keeper.Migrations;

internal static class ScriptRefusal
{
    /// <param name="file">The script that cannot be run.</param>
    /// <param name="offset">Where in it.</param>
    /// <param name="problem">A clause about what is there.</param>
    /// <param name="remedy">A sentence.</param>
    public static SchemaIsolationException At(MigrationFile file, int offset, string problem, string remedy)
        => new("SI1205", $"The file \"{file.Name}\" cannot be run: at {TextPosition.At(file.Text, offset)}, {problem}. {remedy}");
}
