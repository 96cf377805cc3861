namespace SchemaIsolation.Keeper.Migrations;

internal enum SqlTokenKind
{
    /// <summary>The text has ended.</summary>
    End,

    /// <summary>A key word or a plain identifier.</summary>
    Word,

    /// <summary>An identifier in double quotes.</summary>
    QuotedIdentifier,

    /// <summary>A comment to the end of its line, which may be an instruction to the tool that runs the file.</summary>
    LineComment,

    OpenParenthesis,

    CloseParenthesis,

    Semicolon,

    /// <summary>No SQL: psql's own commands start with it.</summary>
    Backslash,

    /// <summary>A literal, a number, an operator.</summary>
    Other,
}
