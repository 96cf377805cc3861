using System.Runtime.InteropServices;

namespace SchemaIsolation.Keeper.Migrations;

/// <summary>A place in a text as an editor shows it.</summary>
/// <param name="Line">From 1; a line ends at LF, CR or CRLF.</param>
/// <param name="Column">From 1, in UTF-16 characters.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct TextPosition(int Line, int Column)
{
    public static TextPosition At(string text, int offset)
    {
        var line = 1;
        var lineStart = 0;
        for (var index = 0; index < offset; index++)
        {
            if (text[index] == '\n' || (text[index] == '\r' && !(index + 1 < text.Length && text[index + 1] == '\n')))
            {
                line++;
                lineStart = index + 1;
            }
        }

        return new TextPosition(line, offset - lineStart + 1);
    }

    public override string ToString() => $"line {Line}, column {Column}";
}
