namespace SchemaIsolation.Keeper.Migrations;

/// <summary>Puts the tokens of one script together to statements.</summary>
internal sealed class SqlScriptReader(MigrationFile file)
{
    private readonly SqlLexer lexer = new(file);
    private readonly List<SqlStatement> statements = [];
    private List<SqlWord> words = [];
    private SqlToken? first;
    private SqlToken last;
    private int parentheses;

    // The BEGIN ATOMIC and the CASEs within it that wait for their END.
    private int blocks;
    private bool sawUp;
    private bool forbidsTransaction;

    public SqlScript Read()
    {
        while (true)
        {
            var token = lexer.Next();
            switch (token.Kind)
            {
                case SqlTokenKind.End:
                case SqlTokenKind.LineComment when IsEndOfScript(token):
                    EndStatement(hasSemicolon: false);
                    return Finish();
                case SqlTokenKind.LineComment:
                    break;
                case SqlTokenKind.Semicolon when parentheses == 0 && blocks == 0:
                    EndStatement(hasSemicolon: true);
                    break;
                case SqlTokenKind.Backslash:
                    SkipOrRefuseCommand(token);
                    break;
                default:
                    Add(token);
                    break;
            }
        }
    }

    private SqlScript Finish()
    {
        SqlStatement? open = null;
        foreach (var statement in statements)
        {
            if (TransactionRules.Opens(statement))
                open = statement;
            else if (TransactionRules.Ends(statement))
                open = null;
        }

        if (open is not null)
            throw ScriptRefusal.At(file, open.Offset, "a transaction is begun and never ended", "End it with COMMIT, or take BEGIN out: a file runs in one transaction by itself.");

        var onItsOwn = forbidsTransaction || statements.Exists(statement => TransactionRules.Refuses(statement) || TransactionRules.Controls(statement));
        return new SqlScript(file, statements, RunsInTransaction: !onItsOwn);
    }

    private bool IsEndOfScript(SqlToken comment)
    {
        var tool = ToolComment.Read(TextOf(comment));
        if (tool.What != ToolComment.Meaning.Nothing && !StartsLine(comment))
            return false;

        var isHeader = statements.Count == 0 && first is null;
        forbidsTransaction |= tool.ForbidsTransaction && isHeader;
        switch (tool.What)
        {
            case ToolComment.Meaning.Up when !isHeader:
                throw ScriptRefusal.At(file, comment.Start, "an up section starts behind statements that belong to no section", "Move them into the section.");
            case ToolComment.Meaning.Up:
                sawUp = true;
                return false;
            case ToolComment.Meaning.Down when !sawUp:
                throw ScriptRefusal.At(file, comment.Start, "a down section starts and no up section stands before it", "Mark the part to run as the up section.");
            default:
                return tool.What == ToolComment.Meaning.Down;
        }
    }

    private void Add(SqlToken token)
    {
        if (token.Kind == SqlTokenKind.OpenParenthesis)
            parentheses++;
        else if (token.Kind == SqlTokenKind.CloseParenthesis && parentheses > 0)
            parentheses--;
        else if (token.Kind is SqlTokenKind.Word or SqlTokenKind.QuotedIdentifier)
            AddWord(token);

        first ??= token;
        last = token;
    }

    private void AddWord(SqlToken token)
    {
        var word = new SqlWord(TextOf(token), token.Kind == SqlTokenKind.QuotedIdentifier);
        if (blocks > 0)
        {
            CountBlock(word);
            return;
        }

        // The options that matter for a transaction stand in parentheses in REINDEX alone.
        if (parentheses > 0 && !(words is [var command, ..] && command.Is("reindex")))
            return;

        words.Add(word);
        if (words is [.., var begin, _] && begin.Is("begin") && word.Is("atomic") && CreatesRoutine())
            blocks = 1;
    }

    private void CountBlock(SqlWord word)
    {
        // As a label or a column's name these are no brackets: "1 AS end", "x.case".
        if (parentheses > 0 || TextOf(last) is "." || TextOf(last).Equals("as", StringComparison.OrdinalIgnoreCase))
            return;

        if (word.Is("case"))
            blocks++;
        else if (word.Is("end"))
            blocks--;
    }

    private bool CreatesRoutine()
    {
        var kind = words.Count > 3 && words[1].Is("or") ? 3 : 1;
        return words[0].Is("create") && words.Count > kind && (words[kind].Is("function") || words[kind].Is("procedure"));
    }

    private void EndStatement(bool hasSemicolon)
    {
        if (first is { } start)
        {
            var statement = new SqlStatement(file, start.Start, file.Text[start.Start..last.End], words);
            statements.Add(statement.StartsWith("copy") ? WithData(statement, hasSemicolon) : statement);
        }

        words = [];
        first = null;
        parentheses = 0;
        blocks = 0;
    }

    private SqlStatement WithData(SqlStatement copy, bool hasSemicolon)
    {
        if (copy.Contains("to stdout"))
            throw ScriptRefusal.At(file, copy.Offset, "COPY … TO stdout has nobody who reads it", "Take it out.");
        if (!copy.Contains("from stdin"))
            return copy;

        var rest = hasSemicolon ? lexer.ReadLine().Trim() : "";
        if (rest.Length > 0 && !rest.StartsWith("--", StringComparison.Ordinal))
            throw ScriptRefusal.At(file, copy.Offset, "COPY … FROM stdin is followed by more on its line", "Its data starts on the next line; move the rest behind the line \"\\.\" that ends the data.");

        var data = hasSemicolon ? lexer.ReadCopyData() : null;
        return copy with
        {
            CopyData = data ?? throw ScriptRefusal.At(file, copy.Offset, "the data of COPY … FROM stdin never ends", "End the statement with a semicolon and the data with a line \"\\.\"."),
        };
    }

    private void SkipOrRefuseCommand(SqlToken backslash)
    {
        var command = lexer.ReadLine().Split(' ', '\t')[0];

        // New pg_dump puts these around its output; they bind psql and nobody else.
        if (first is null && command is "restrict" or "unrestrict")
            return;

        throw ScriptRefusal.At(file, backslash.Start, $"the psql command \"\\{command}\" stands in the script", "Only psql knows it; take it out or write it as SQL.");
    }

    private bool StartsLine(SqlToken token)
    {
        var before = file.Text.AsSpan(0, token.Start);
        return before[(before.LastIndexOfAny('\n', '\r') + 1)..].IsWhiteSpace();
    }

    private string TextOf(SqlToken token) => file.Text[token.Start..token.End];
}
