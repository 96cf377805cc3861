using System.Globalization;

namespace Jobs;

/// <summary>One of the embedded files <c>Sql/0001_name.sql</c>. A released one is never edited: a change is a new file.</summary>
internal sealed record Migration(int Version, string Sql)
{
    public static IEnumerable<Migration> ReadAll()
        => typeof(Migration).Assembly.GetManifestResourceNames().Order(StringComparer.Ordinal).Select(Read);

    private static Migration Read(string file)
    {
        using var reader = new StreamReader(typeof(Migration).Assembly.GetManifestResourceStream(file)!);
        return new Migration(int.Parse(file.AsSpan(0, 4), CultureInfo.InvariantCulture), reader.ReadToEnd());
    }
}
