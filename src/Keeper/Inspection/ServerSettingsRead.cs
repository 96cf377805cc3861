using SchemaIsolation.Keeper.Postgres;

namespace SchemaIsolation.Keeper.Inspection;

/// <summary>Settings of a server that tests feel.</summary>
internal static class ServerSettingsRead
{
    /// <returns>By their names: <c>max_connections</c>, <c>fsync</c>, <c>autovacuum</c>.</returns>
    public static async Task<IReadOnlyDictionary<string, string>> ReadAsync(PostgresServer server, CancellationToken cancellationToken)
        => (await server.ListAsync(InspectSql.ListSettings, cancellationToken)).ToDictionary(row => row[0]!, row => row[1]!, StringComparer.Ordinal);
}
