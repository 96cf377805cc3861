using System.Globalization;

namespace SchemaIsolation.Keeper.Commands;

/// <summary>How values are written for people: times as servers and CI services log them, wherever their reader is.</summary>
internal static class Words
{
    public static string Time(DateTimeOffset? time) => time is { } known ? known.UtcDateTime.ToString("u", CultureInfo.InvariantCulture) : "not known";

    public static string Megabytes(long? bytes) => bytes is { } known ? string.Create(CultureInfo.InvariantCulture, $"{known / 1e6:0.0} MB") : "not known";
}
