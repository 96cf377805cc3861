using Npgsql;

namespace Workflow.Repositories;

public sealed class KeyRepository(NpgsqlDataSource dataSource)
{
    /// <summary>Creates the key, or replaces the value of its owner's key of that name.</summary>
    public Task<Key> SetAsync(NewKey key, CancellationToken cancellationToken = default)
        => dataSource.SingleAsync<Key>(
            """
            insert into keys (identity_id, pack_id, name, value, encrypted)
            values (@IdentityId, @PackId, @Name, @Value, @Encrypted)
            on conflict (name, coalesce(identity_id, 0), coalesce(pack_id, 0)) do update
            set value = excluded.value, encrypted = excluded.encrypted
            returning *
            """,
            key,
            cancellationToken);

    /// <summary>The key that belongs to nobody in particular.</summary>
    public Task<Key?> FindSharedAsync(string name, CancellationToken cancellationToken = default)
        => dataSource.SingleOrDefaultAsync<Key>(
            "select * from keys where name = @name and identity_id is null and pack_id is null", new { name }, cancellationToken);

    /// <summary>The pack's key of that name, or else the shared one.</summary>
    public Task<Key?> ResolveForPackAsync(long packId, string name, CancellationToken cancellationToken = default)
        => dataSource.SingleOrDefaultAsync<Key>(
            """
            select * from keys
            where name = @name and identity_id is null and (pack_id = @packId or pack_id is null)
            order by pack_id nulls last
            limit 1
            """,
            new { packId, name },
            cancellationToken);

    public Task<IReadOnlyList<Key>> ListByIdentityAsync(long identityId, CancellationToken cancellationToken = default)
        => dataSource.ListAsync<Key>(
            "select * from keys where identity_id = @identityId order by name", new { identityId }, cancellationToken);

    /// <returns>False when there was no such key.</returns>
    public async Task<bool> DeleteAsync(long id, CancellationToken cancellationToken = default)
        => await dataSource.ExecuteAsync("delete from keys where id = @id", new { id }, cancellationToken) > 0;
}
