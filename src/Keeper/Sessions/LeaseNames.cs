using System.Globalization;
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

    /// <summary>The application name of the lease's connections: shows the test in pg_stat_activity, and tells its connections from others'.</summary>
    public static string Application(int number, string test)
    {
        // The server replaces what is not printable ASCII, each version differently.
        var printable = string.Concat(test.Select(character => character is >= ' ' and <= '~' ? character : '?'));
        var name = string.Create(CultureInfo.InvariantCulture, $"si {number} {printable}");
        return name.Length > MaxApplicationName ? name[..MaxApplicationName] : name;
    }
}
