using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Unicode;

namespace SchemaIsolation.Keeper.Reporting.Html;

/// <summary>A part of a page. What is put into it as text stays text, whatever it is: a test's name may be a script.</summary>
internal sealed record Markup(string Text)
{
    public static Markup None { get; } = new(string.Empty);

    /// <param name="content">The page's own words as they stand, what is filled in escaped, unless it is markup itself.</param>
    public static Markup Of(Content content) => new(content.ToString());

    public static Markup Join(IEnumerable<Markup> parts) => new(string.Concat(parts.Select(part => part.Text)));

    public static Markup Join<T>(IEnumerable<T> items, Func<T, Markup> render) => Join(items.Select(render));

    public override string ToString() => Text;

    [InterpolatedStringHandler]
    internal sealed class Content(int literalLength, int formattedCount)
    {
        private static readonly HtmlEncoder Encoder = HtmlEncoder.Create(UnicodeRanges.All);

        private readonly StringBuilder text = new(literalLength + (formattedCount * 16));

        public void AppendLiteral(string literal) => text.Append(literal);

        public void AppendFormatted(Markup markup) => text.Append(markup.Text);

        public void AppendFormatted(string? value) => text.Append(Encoder.Encode(value ?? string.Empty));

        public void AppendFormatted(IFormattable value, string? format = null) => AppendFormatted(value.ToString(format, CultureInfo.InvariantCulture));

        public override string ToString() => text.ToString();
    }
}
