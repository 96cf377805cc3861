using System.Collections.Concurrent;
using System.Data.Common;

namespace SchemaIsolation;

/// <summary>The leases of this process that have not been released.</summary>
internal static class HeldLeases
{
    // A fixture may keep the connection string alone: without this, the collector's finalizer would close the connection of a
    // lease nobody refers to, and end it in the middle of the test.
    private static readonly ConcurrentDictionary<Lease, bool> Leases = new();

    public static void Add(Lease lease) => Leases[lease] = true;

    public static void Remove(Lease lease) => Leases.TryRemove(lease, out _);

    /// <returns>The lease that the connection leads into, or null when it leads elsewhere.</returns>
    public static Lease? Find(DbConnection connection)
    {
        if (Leases.IsEmpty)
            return null;

        var searchPath = SearchPath(connection);
        return Leases.Keys.FirstOrDefault(
            lease => lease.Database == connection.Database && (lease.Name == lease.Database || searchPath.Contains(lease.Name)));
    }

    // Schemas may share a database: which of them it is, the search path alone says.
    private static string[] SearchPath(DbConnection connection)
    {
        var keywords = new DbConnectionStringBuilder { ConnectionString = connection.ConnectionString };
        return keywords.TryGetValue("Search Path", out var path) || keywords.TryGetValue("SearchPath", out path)
            ? [.. path.ToString()!.Split(',').Select(name => name.Trim().Trim('"'))]
            : [];
    }
}
