using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Npgsql;

namespace SchemaIsolation.Keeper.Postgres;

/// <summary>What says that a session is alive, or that a template is in use or being built: taken once, and held until its end.</summary>
internal sealed class AdvisoryLock : ConnectionLock
{
    // "SIS1": the session whose id is the key is alive.
    internal const int SessionClass = 0x53495331;

    // "SIT1": shared, the template is in use; alone, it is being dropped.
    private const int TemplateUseClass = 0x53495431;

    // "SIB1": the template is being built. Apart from its use, so that a session can rebuild what others hold on to as well.
    private const int TemplateBuildClass = 0x53494231;

    // "SID1": the test database with that name, hashed, is being made, migrated, emptied or dropped.
    private const int TestDatabaseClass = 0x53494431;

    private AdvisoryLock(NpgsqlConnection connection)
        : base(connection)
    {
    }

    /// <param name="server">The server.</param>
    /// <param name="session">Whose lock.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <param name="holder">Who is to be seen as alive; null for a look whether somebody is.</param>
    /// <returns>The lock, or null when another process holds it: the session is alive.</returns>
    public static Task<AdvisoryLock?> TryTakeSessionAsync(PostgresServer server, SessionId session, CancellationToken cancellationToken, SessionHolder? holder = null)
        => OpenAsync(
            server,
            async connection =>
            {
                if (!await TryLockAsync(connection, SessionClass, session.Key, cancellationToken))
                    return false;
                if (holder is not null)
                    await holder.ShowAsync(connection, cancellationToken);
                return true;
            },
            cancellationToken);

    /// <returns>The lock, or null when the template is being built or is in use.</returns>
    public static Task<AdvisoryLock?> TryTakeTemplateAsync(PostgresServer server, string fingerprint, CancellationToken cancellationToken)
        => TryTakeAsync(server, [TemplateBuildClass, TemplateUseClass], TemplateKey(fingerprint), cancellationToken);

    /// <summary>Says that the template is in use; waits while somebody drops it.</summary>
    public static Task<AdvisoryLock> ShareTemplateAsync(PostgresServer server, string fingerprint, CancellationToken cancellationToken)
        => TakeAsync(server, connection => LockSharedAsync(connection, TemplateUseClass, TemplateKey(fingerprint), cancellationToken), cancellationToken);

    /// <summary>Says that the template is being built; waits while somebody else builds it.</summary>
    public static Task<AdvisoryLock> BuildTemplateAsync(PostgresServer server, string fingerprint, CancellationToken cancellationToken)
        => TakeAsync(server, connection => LockAsync(connection, TemplateBuildClass, TemplateKey(fingerprint), cancellationToken), cancellationToken);

    /// <summary>Waits while somebody else changes the test database.</summary>
    public static Task<AdvisoryLock> ChangeTestDatabaseAsync(PostgresServer server, DatabaseName database, CancellationToken cancellationToken)
        => TakeAsync(
            server,
            connection => LockAsync(connection, TestDatabaseClass, BinaryPrimitives.ReadUInt32BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes(database.OwnName))), cancellationToken),
            cancellationToken);

    private static uint TemplateKey(string fingerprint) => SessionId.Parse(fingerprint[..8]).Key;

    private static Task<AdvisoryLock?> TryTakeAsync(PostgresServer server, int[] classes, uint key, CancellationToken cancellationToken)
        => OpenAsync(
            server,
            async connection =>
            {
                foreach (var lockClass in classes)
                {
                    if (!await TryLockAsync(connection, lockClass, key, cancellationToken))
                        return false;
                }

                return true;
            },
            cancellationToken);

    private static async Task<AdvisoryLock> TakeAsync(PostgresServer server, Func<NpgsqlConnection, Task> takeAsync, CancellationToken cancellationToken)
        => (await OpenAsync(
            server,
            async connection =>
            {
                await takeAsync(connection);
                return true;
            },
            cancellationToken))!;

    /// <returns>The locks on a connection that nothing else uses, or null when they were not all taken.</returns>
    private static async Task<AdvisoryLock?> OpenAsync(
        PostgresServer server, Func<NpgsqlConnection, Task<bool>> takeAsync, CancellationToken cancellationToken)
    {
        var connection = await server.OpenUnpooledAsync(server.MaintenanceDatabase, cancellationToken);
        var isTaken = false;
        try
        {
            isTaken = await takeAsync(connection);
            return isTaken ? new AdvisoryLock(connection) : null;
        }
        finally
        {
            if (!isTaken)
                await connection.DisposeAsync();
        }
    }
}
