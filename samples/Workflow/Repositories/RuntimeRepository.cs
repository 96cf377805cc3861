using Npgsql;

namespace Workflow.Repositories;

public sealed class RuntimeRepository(NpgsqlDataSource dataSource)
{
    public Task<Runtime> CreateAsync(NewRuntime runtime, CancellationToken cancellationToken = default)
        => dataSource.SingleAsync<Runtime>(
            """
            insert into runtimes (pack_id, ref, version, command, is_default)
            values (@PackId, @Ref, @Version, @Command, @IsDefault)
            returning *
            """,
            runtime,
            cancellationToken);

    public Task<Runtime?> FindAsync(long id, CancellationToken cancellationToken = default)
        => dataSource.SingleOrDefaultAsync<Runtime>("select * from runtimes where id = @id", new { id }, cancellationToken);

    public Task<Runtime?> FindDefaultAsync(string @ref, CancellationToken cancellationToken = default)
        => dataSource.SingleOrDefaultAsync<Runtime>(
            "select * from runtimes where ref = @ref and is_default", new { @ref }, cancellationToken);

    public Task<IReadOnlyList<Runtime>> ListAsync(CancellationToken cancellationToken = default)
        => dataSource.ListAsync<Runtime>("select * from runtimes order by ref, id", null, cancellationToken);

    /// <summary>Makes the runtime the default one among those of its ref.</summary>
    /// <returns>The runtime, or null when there is none; then the default stays what it was.</returns>
    public Task<Runtime?> MakeDefaultAsync(long id, CancellationToken cancellationToken = default)
        => dataSource.InTransactionAsync(
            async connection =>
            {
                // Two statements: within one, the unique index could meet the new default before the old one is gone.
                await connection.ExecuteAsync(
                    """
                    update runtimes set is_default = false
                    where is_default and ref = (select ref from runtimes where id = @id) and id <> @id
                    """,
                    new { id },
                    cancellationToken);
                return await connection.SingleOrDefaultAsync<Runtime>(
                    "update runtimes set is_default = true where id = @id returning *", new { id }, cancellationToken);
            },
            cancellationToken);

    /// <returns>False when there was no such runtime.</returns>
    public async Task<bool> DeleteAsync(long id, CancellationToken cancellationToken = default)
        => await dataSource.ExecuteAsync("delete from runtimes where id = @id", new { id }, cancellationToken) > 0;
}
