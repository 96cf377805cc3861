using System.Globalization;

namespace SchemaIsolation.Keeper.Reporting;

/// <summary>How long something took, in three digits or so and the unit that suits them.</summary>
internal static class ElapsedText
{
    public static string Of(double milliseconds)
    {
        if (milliseconds is > 0 and < 9.95)
            return string.Create(CultureInfo.InvariantCulture, $"{Math.Max(milliseconds, 0.1):0.0} ms");
        if (milliseconds < 999.5)
            return string.Create(CultureInfo.InvariantCulture, $"{milliseconds:0} ms");
        if (milliseconds < 59_950)
            return string.Create(CultureInfo.InvariantCulture, $"{milliseconds / 1000:0.0} s");

        var seconds = (long)Math.Round(milliseconds / 1000);
        return string.Create(CultureInfo.InvariantCulture, $"{seconds / 60} min {seconds % 60:00} s");
    }
}
