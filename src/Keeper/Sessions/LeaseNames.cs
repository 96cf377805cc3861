using System.Globalization;
using SchemaIsolation.Keeper.Postgres;
using SchemaIsolation.Keeper.Slots;

namespace SchemaIsolation.Keeper.Sessions;

/// <summary>What a lease is called outside the keeper.</summary>
internal static class LeaseNames
{
    // Longer ones are cut by the server, and then its list of connections does not find them.
    private const int MaxApplicationName = 63;

    public static string Directory(int number) => number.ToString(CultureInfo.InvariantCulture);

    /// <summary>For a slot whose connections outlive its leases: a name that changed with the test would be another pool.</summary>
    public static string Application(Slot slot) => $"si {slot.Database}";

    /// <summary>For the database that all tests of a project share.</summary>
    public static string ApplicationOfProject(string projectDirectory) => Printable($"si {Path.GetFileName(Path.TrimEndingDirectorySeparator(projectDirectory))}");

    /// <summary>The application name of the lease's connections: shows the test in pg_stat_activity, and tells its connections from others'.</summary>
    public static string Application(int number, string test)
        => Printable(string.Create(CultureInfo.InvariantCulture, $"si {number} {test}"));

    /// <summary>The same where other sessions lease in the same database.</summary>
    public static string Application(int number, string test, SessionId session)
        => Printable(string.Create(CultureInfo.InvariantCulture, $"si {session} {number} {test}"));

    // The server replaces what is not printable ASCII, each version differently.
    private static string Printable(string name)
        => string.Concat(name.Take(MaxApplicationName).Select(character => character is >= ' ' and <= '~' ? character : '?'));
}
