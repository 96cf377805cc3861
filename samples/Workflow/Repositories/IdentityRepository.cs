using Npgsql;

namespace Workflow.Repositories;

public sealed class IdentityRepository(NpgsqlDataSource dataSource)
{
    public Task<Identity> CreateAsync(NewIdentity identity, CancellationToken cancellationToken = default)
        => dataSource.SingleAsync<Identity>(
            """
            insert into identities (login, display_name, roles, attributes)
            values (@Login, @DisplayName, @Roles, @Attributes::jsonb)
            returning *
            """,
            identity,
            cancellationToken);

    /// <summary>The identity of the login, in whatever case it is written.</summary>
    public Task<Identity?> FindByLoginAsync(string login, CancellationToken cancellationToken = default)
        => dataSource.SingleOrDefaultAsync<Identity>(
            "select * from identities where lower(login) = lower(@login)", new { login }, cancellationToken);

    public Task<IReadOnlyList<Identity>> ListByRoleAsync(string role, CancellationToken cancellationToken = default)
        => dataSource.ListAsync<Identity>(
            "select * from identities where roles @> array[@role] order by login", new { role }, cancellationToken);

    /// <summary>Gives the role to the identity unless it has it.</summary>
    /// <returns>The identity, or null when there is none.</returns>
    public Task<Identity?> GrantAsync(long id, string role, CancellationToken cancellationToken = default)
        => dataSource.SingleOrDefaultAsync<Identity>(
            "update identities set roles = array_append(array_remove(roles, @role), @role) where id = @id returning *",
            new { id, role },
            cancellationToken);

    /// <returns>The identity, or null when there is none.</returns>
    public Task<Identity?> RevokeAsync(long id, string role, CancellationToken cancellationToken = default)
        => dataSource.SingleOrDefaultAsync<Identity>(
            "update identities set roles = array_remove(roles, @role) where id = @id returning *",
            new { id, role },
            cancellationToken);

    /// <returns>False when there was no such identity.</returns>
    public async Task<bool> DeleteAsync(long id, CancellationToken cancellationToken = default)
        => await dataSource.ExecuteAsync("delete from identities where id = @id", new { id }, cancellationToken) > 0;
}
