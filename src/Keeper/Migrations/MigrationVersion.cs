using System.Globalization;
using System.Numerics;
using System.Text.RegularExpressions;

namespace SchemaIsolation.Keeper.Migrations;

/// <summary>The version in a migration's name: numbers that compare one by one, so that 2 is before 10 and 1.0 equals 1.</summary>
internal sealed partial class MigrationVersion
{
    private const RegexOptions AnyCase = RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture;

    // BigInteger, because nothing limits a run of digits in a file's name but the file system.
    private readonly BigInteger[] numbers;

    private MigrationVersion(IEnumerable<string> digits)
    {
        numbers = [.. digits.Select(number => BigInteger.Parse(number, NumberStyles.None, CultureInfo.InvariantCulture))];
        while (numbers is [_, .., { IsZero: true }])
            numbers = numbers[..^1];
    }

    public static IComparer<MigrationVersion> Order { get; } = Comparer<MigrationVersion>.Create(Compare);

    /// <returns>The version, or null when the name has none.</returns>
    public static MigrationVersion? TryParse(string name)
    {
        var parts = name.Split('/');
        var stem = parts[^1][..^".sql".Length];

        // Diesel's "2024-01-01-000000_create/up.sql" and Prisma's "20240101120000_init/migration.sql".
        if (parts.Length > 1 && (IsNamed(stem, "up") || IsNamed(stem, "migration")))
            return TryParsePlain(parts[^2]);

        var flyway = Flyway().Match(stem);
        return flyway.Success
            ? new MigrationVersion(flyway.Groups["version"].Value.Split('.', '_'))
            : TryParsePlain(stem);
    }

    public override string ToString() => string.Join('.', numbers);

    private static MigrationVersion? TryParsePlain(string text)
    {
        var date = Date().Match(text);
        if (date.Success)
            return FromDate(date.Groups["date"].Value.Split('-', '_'));

        var digits = Plain().Match(text);
        return digits.Success ? new MigrationVersion(digits.Value.Split('.')) : null;
    }

    // "2024-01-01-120000" and "20240101120000" are the same moment in one folder, as they are to diesel.
    private static MigrationVersion FromDate(string[] parts)
    {
        var hasTime = parts is [_, _, _, { Length: 6 }, ..];
        var moment = $"{parts[0]}{parts[1]}{parts[2]}{(hasTime ? parts[3] : "000000")}";
        return new MigrationVersion([moment, .. parts[(hasTime ? 4 : 3)..]]);
    }

    private static int Compare(MigrationVersion left, MigrationVersion right)
    {
        foreach (var (one, other) in left.numbers.Zip(right.numbers))
        {
            if (one != other)
                return one.CompareTo(other);
        }

        return left.numbers.Length.CompareTo(right.numbers.Length);
    }

    private static bool IsNamed(string stem, string name) => stem.Equals(name, StringComparison.OrdinalIgnoreCase);

    // A number that runs into letters, as in "V1_2fa", belongs to the description.
    [GeneratedRegex("^V(?<version>[0-9]+([._][0-9]+)*)(?![0-9A-Z])", AnyCase, matchTimeoutMilliseconds: -1)]
    private static partial Regex Flyway();

    [GeneratedRegex("^(?<date>(19|20)[0-9]{2}([-_])[01][0-9][-_][0-3][0-9]([-_][0-9]+(?![0-9A-Z]))*)(?![0-9A-Z])", AnyCase, matchTimeoutMilliseconds: -1)]
    private static partial Regex Date();

    [GeneratedRegex("^[0-9]+(\\.[0-9]+(?![0-9A-Z]))*", AnyCase, matchTimeoutMilliseconds: -1)]
    private static partial Regex Plain();
}
