using SchemaIsolation.Keeper.Postgres;

namespace SchemaIsolation.Keeper.Servers;

/// <summary>The settings of an embedded server.</summary>
internal static class ServerSettings
{
    // Durability is off: the data is made anew from the migrations whenever it is in doubt. What write-ahead log there has to be is bounded.
    public static string Write(string socketDirectory, int majorVersion) =>
        $"""
        port = 5432
        listen_addresses = ''
        unix_socket_directories = '"{Escape(socketDirectory)}"'
        unix_socket_permissions = 0700
        max_connections = 500
        max_locks_per_transaction = 256
        fsync = off
        synchronous_commit = off
        full_page_writes = off
        wal_level = minimal
        max_wal_senders = 0
        min_wal_size = '32MB'
        max_wal_size = '256MB'
        autovacuum = off
        jit = off
        dynamic_shared_memory_type = {(OperatingSystem.IsWindows() ? "windows" : "mmap")}
        {(new ServerFeatures(majorVersion).HasIoMethod ? "io_method = sync" : string.Empty)}
        """ + "\n";

    // A list of paths, each perhaps in quotes, in a string with escapes.
    private static string Escape(string path)
        => (OperatingSystem.IsWindows() ? path.Replace('\\', '/') : path.Replace("\\", "\\\\", StringComparison.Ordinal)).Replace("'", "''", StringComparison.Ordinal);
}
