namespace SchemaIsolation.Keeper.Migrations;

/// <summary>Cuts a script into tokens by the server's own lexical rules, as far as they decide where a statement ends.</summary>
/// <remarks>White space and block comments are passed over. Plain strings are taken as <c>standard_conforming_strings = on</c> has them.</remarks>
internal sealed class SqlLexer(MigrationFile file)
{
    private readonly string text = file.Text;
    private int position;

    /// <exception cref="SchemaIsolationException">SI1205: a quote or comment is opened and never closed.</exception>
    public SqlToken Next()
    {
        SkipSpace();
        var start = position;
        return new SqlToken(Scan(), start, position);
    }

    /// <returns>What is left of the current line, without its end, which is passed over.</returns>
    public string ReadLine()
    {
        var start = position;
        position = EndOfLine(start);
        var line = text[start..position];
        if (Peek() == '\r')
            position++;
        if (Peek() == '\n')
            position++;
        return line;
    }

    /// <summary>Takes the data that follows a <c>COPY … FROM stdin;</c>, up to the line <c>\.</c>, which is passed over.</summary>
    /// <returns>The lines as they are, or null when the text ends before that line.</returns>
    public string? ReadCopyData()
    {
        var start = position;
        while (position < text.Length)
        {
            var line = position;
            if (ReadLine() == "\\.")
                return text[start..line];
        }

        return null;
    }

    private SqlTokenKind Scan()
    {
        if (position == text.Length)
            return SqlTokenKind.End;

        switch (text[position])
        {
            case '(':
                return Take(SqlTokenKind.OpenParenthesis);
            case ')':
                return Take(SqlTokenKind.CloseParenthesis);
            case ';':
                return Take(SqlTokenKind.Semicolon);
            case '\\':
                return Take(SqlTokenKind.Backslash);
            case '\'':
                return TakeQuoted("string", SqlTokenKind.Other);
            case '"':
                return TakeQuoted("quoted identifier", SqlTokenKind.QuotedIdentifier);
            case '-' when Peek(1) == '-':
                position = EndOfLine(position);
                return SqlTokenKind.LineComment;
            case '$':
                return TakeDollar();
            case var first when char.IsAsciiDigit(first):
                return TakeWhile(IsInNumber, SqlTokenKind.Other);
            case var first when IsWordStart(first):
                return TakeWord();
            default:
                return Take(SqlTokenKind.Other);
        }
    }

    private SqlTokenKind TakeWord()
    {
        // A prefix is one only when the quote follows at once: in typeE'x' the whole typeE is a word and the string a plain one.
        if (Peek() is 'e' or 'E' && Peek(1) == '\'')
            return TakeEscapeString();

        if (Peek() is 'u' or 'U' && Peek(1) == '&' && Peek(2) is '\'' or '"')
        {
            var kind = Peek(2) == '"' ? SqlTokenKind.QuotedIdentifier : SqlTokenKind.Other;
            position += 2;
            return TakeQuoted("Unicode literal", kind);
        }

        return TakeWhile(IsInWord, SqlTokenKind.Word);
    }

    private SqlTokenKind TakeQuoted(string what, SqlTokenKind kind)
    {
        var opened = position;
        var quote = text[position];
        do
        {
            var closing = text.IndexOf(quote, position + 1);
            if (closing < 0)
                throw Unterminated(what, opened);
            position = closing + 1;
        }
        while (Peek() == quote);

        return kind;
    }

    private SqlTokenKind TakeEscapeString()
    {
        var opened = position;
        position += 2;
        while (true)
        {
            switch (Peek())
            {
                case null:
                    throw Unterminated("string", opened);
                case '\\':
                    position = Math.Min(position + 2, text.Length);
                    break;
                case '\'' when Peek(1) == '\'':
                    position += 2;
                    break;
                case '\'' when ContinuationBehind(position + 1) is { } continuation:
                    position = continuation;
                    break;
                case '\'':
                    return Take(SqlTokenKind.Other);
                default:
                    position++;
                    break;
            }
        }
    }

    // Strings with nothing but a line break between them are one string, and the E of the first holds for all of it.
    private int? ContinuationBehind(int offset)
    {
        var sawLineBreak = false;
        for (var index = offset; index < text.Length; index++)
        {
            if (text[index] == '\'')
                return sawLineBreak ? index + 1 : null;
            if (text.AsSpan(index).StartsWith("--"))
                index = EndOfLine(index) - 1;
            else if (!IsSpace(text[index]))
                return null;
            else
                sawLineBreak |= text[index] is '\n' or '\r';
        }

        return null;
    }

    private SqlTokenKind TakeDollar()
    {
        var opened = position;
        var tagEnd = position + 1;
        if (tagEnd < text.Length && IsWordStart(text[tagEnd]))
        {
            while (tagEnd < text.Length && IsInTag(text[tagEnd]))
                tagEnd++;
        }

        // "$1" is a parameter and a lone "$" an error that the server words better.
        if (tagEnd == text.Length || text[tagEnd] != '$')
            return Take(SqlTokenKind.Other);

        var tag = text[opened..(tagEnd + 1)];
        var closing = text.IndexOf(tag, tagEnd + 1, StringComparison.Ordinal);
        if (closing < 0)
            throw Unterminated($"dollar quote \"{tag}\"", opened);

        position = closing + tag.Length;
        return SqlTokenKind.Other;
    }

    private void SkipSpace()
    {
        while (position < text.Length)
        {
            if (IsSpace(text[position]))
                position++;
            else if (Peek() == '/' && Peek(1) == '*')
                SkipBlockComment();
            else
                return;
        }
    }

    private void SkipBlockComment()
    {
        var opened = position;
        var depth = 0;
        do
        {
            if (position == text.Length)
                throw Unterminated("comment", opened);

            var step = (Peek(), Peek(1)) switch
            {
                ('/', '*') => 1,
                ('*', '/') => -1,
                _ => 0,
            };
            depth += step;
            position += step == 0 ? 1 : 2;
        }
        while (depth > 0);
    }

    private SchemaIsolationException Unterminated(string what, int opened)
        => ScriptRefusal.At(file, opened, $"a {what} is opened and never closed", "Close it.");

    private SqlTokenKind Take(SqlTokenKind kind)
    {
        position++;
        return kind;
    }

    private SqlTokenKind TakeWhile(Func<char, bool> belongs, SqlTokenKind kind)
    {
        while (position < text.Length && belongs(text[position]))
            position++;
        return kind;
    }

    private int EndOfLine(int offset)
    {
        var length = text.AsSpan(offset).IndexOfAny('\n', '\r');
        return length < 0 ? text.Length : offset + length;
    }

    private char? Peek(int ahead = 0) => position + ahead < text.Length ? text[position + ahead] : null;

    private static bool IsSpace(char c) => c is ' ' or '\t' or '\n' or '\r' or '\f' or '\v';

    private static bool IsWordStart(char c) => char.IsAsciiLetter(c) || c == '_' || c > '\x7f';

    private static bool IsInTag(char c) => IsWordStart(c) || char.IsAsciiDigit(c);

    private static bool IsInWord(char c) => IsInTag(c) || c == '$';

    private static bool IsInNumber(char c) => char.IsAsciiLetterOrDigit(c) || c == '_';
}
