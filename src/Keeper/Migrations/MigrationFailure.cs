using System.Collections.Frozen;
using System.Reflection;
using System.Text;
using System.Text.RegularExpressions;
using Npgsql;

namespace SchemaIsolation.Keeper.Migrations;

/// <summary>Says where in which file the server refused what.</summary>
internal static partial class MigrationFailure
{
    private const int StatementCharacters = 80;
    private const string Remedy = "Correct the file";

    // PostgreSQL's unsafe_new_enum_value_usage, which Npgsql does not name.
    private const string UnsafeNewEnumValue = "55P04";

    // Npgsql's constants are the standard's names in another case, and so need no table here: UndefinedTable is undefined_table.
    private static readonly FrozenDictionary<string, string> Names = typeof(PostgresErrorCodes)
        .GetFields(BindingFlags.Public | BindingFlags.Static)
        .Where(field => field.IsLiteral)
        .DistinctBy(field => (string)field.GetRawConstantValue()!, StringComparer.Ordinal)
        .ToFrozenDictionary(
            field => (string)field.GetRawConstantValue()!,
            field => WordStart().Replace(field.Name, "_").ToLowerInvariant(),
            StringComparer.Ordinal);

    /// <param name="script">The file that failed.</param>
    /// <param name="statement">The statement that the server refused; null for one of ours around it.</param>
    /// <param name="exception">What the server said.</param>
    public static SchemaIsolationException Of(SqlScript script, SqlStatement? statement, PostgresException exception)
        => Create(
            script.File,
            statement is null ? "between its statements" : $"at {TextPosition.At(script.File.Text, OffsetOf(statement, exception.Position))} in \"{Shorten(statement.Text)}\"",
            RemedyOf(script, statement, exception.SqlState),
            exception);

    /// <remarks>Deferred constraints speak up at the commit, and do not say which statement broke them.</remarks>
    public static SchemaIsolationException OfCommit(MigrationFile file, PostgresException exception)
        => Create(file, "when its transaction was committed", Remedy, exception);

    private static string RemedyOf(SqlScript script, SqlStatement? statement, string sqlState) => sqlState switch
    {
        // What is not known by its first words to need this, as it is in a DO block or procedure.
        UnsafeNewEnumValue or PostgresErrorCodes.InvalidTransactionTermination or PostgresErrorCodes.ActiveSqlTransaction // 2D000, 25001
            when script.RunsInTransaction => "A file is one transaction: begin it with the line \"-- no-transaction\", or put this statement into a file of its own that does",
        PostgresErrorCodes.DuplicateObject // 42710
            when statement is not null && (statement.StartsWith("create role") || statement.StartsWith("create user") || statement.StartsWith("create group"))
            => "Roles belong to the whole server, and stay there when a database is dropped: look in pg_roles before you create one",
        _ => Remedy,
    };

    private static SchemaIsolationException Create(MigrationFile file, string where, string remedy, PostgresException exception)
    {
        var said = string.Join(' ', new[] { exception.MessageText, DetailOf(exception), exception.Hint }.Where(text => !string.IsNullOrEmpty(text)).Select(AsSentence));
        return new SchemaIsolationException("SI1206", $"The migration \"{file.Name}\" failed {where}. {remedy}; the server answered {NameOf(exception.SqlState)}: {said}", exception);
    }

    // The server counts code points from 1, and 0 says that it knows no place.
    private static int OffsetOf(SqlStatement statement, int position)
    {
        var offset = 0;
        foreach (var rune in statement.Text.EnumerateRunes().Take(position - 1))
            offset += rune.Utf16SequenceLength;
        return statement.Offset + offset;
    }

    // Unless the connection string says "Include Error Detail", Npgsql puts advice about that in the detail's place.
    private static string? DetailOf(PostgresException exception)
        => exception.Detail?.StartsWith("Detail redacted", StringComparison.Ordinal) == true ? null : exception.Detail;

    private static string NameOf(string sqlState) => Names.TryGetValue(sqlState, out var name) ? $"{sqlState} ({name})" : sqlState;

    private static string Shorten(string statement)
    {
        var line = Space().Replace(statement, " ");
        if (line.Length <= StatementCharacters)
            return line;

        var end = char.IsHighSurrogate(line[StatementCharacters - 1]) ? StatementCharacters - 1 : StatementCharacters;
        return line[..end] + "…";
    }

    private static string AsSentence(string? text) => text!.EndsWith('.') ? text : text + ".";

    [GeneratedRegex("\\s+", RegexOptions.None, matchTimeoutMilliseconds: -1)]
    private static partial Regex Space();

    [GeneratedRegex("(?<!^)(?=[A-Z])", RegexOptions.None, matchTimeoutMilliseconds: -1)]
    private static partial Regex WordStart();
}
