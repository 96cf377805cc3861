using Npgsql;

namespace Workflow.Repositories;

public sealed class PackRepository(NpgsqlDataSource dataSource)
{
    private const string Insert =
        """
        insert into packs (ref, label, description, version, tags, dependencies, config_schema, config, is_standard)
        values (@Ref, @Label, @Description, @Version, @Tags, @Dependencies, @ConfigSchema::jsonb, @Config::jsonb, @IsStandard)
        returning *
        """;

    public Task<Pack> CreateAsync(NewPack pack, CancellationToken cancellationToken = default)
        => dataSource.SingleAsync<Pack>(Insert, pack, cancellationToken);

    /// <summary>Creates a pack with its actions, or nothing at all.</summary>
    /// <param name="pack">The pack.</param>
    /// <param name="actions">Its actions; their <see cref="NewAction.PackId"/> is set here.</param>
    /// <param name="cancellationToken">Rolls back.</param>
    public Task<Pack> InstallAsync(NewPack pack, IReadOnlyList<NewAction> actions, CancellationToken cancellationToken = default)
        => dataSource.InTransactionAsync(
            async connection =>
            {
                var installed = await connection.SingleAsync<Pack>(Insert, pack, cancellationToken);
                await connection.ExecuteAsync(
                    ActionRepository.Insert, actions.Select(action => action with { PackId = installed.Id }), cancellationToken);
                return installed;
            },
            cancellationToken);

    public Task<Pack?> FindAsync(long id, CancellationToken cancellationToken = default)
        => dataSource.SingleOrDefaultAsync<Pack>("select * from packs where id = @id", new { id }, cancellationToken);

    public Task<Pack?> FindByRefAsync(string @ref, CancellationToken cancellationToken = default)
        => dataSource.SingleOrDefaultAsync<Pack>("select * from packs where ref = @ref", new { @ref }, cancellationToken);

    public Task<IReadOnlyList<Pack>> ListAsync(CancellationToken cancellationToken = default)
        => dataSource.ListAsync<Pack>("select * from packs order by ref", null, cancellationToken);

    public Task<IReadOnlyList<Pack>> ListStandardAsync(CancellationToken cancellationToken = default)
        => dataSource.ListAsync<Pack>("select * from packs where is_standard order by ref", null, cancellationToken);

    /// <summary>The packs whose ref, label or description holds the text, in whatever case.</summary>
    public Task<IReadOnlyList<Pack>> SearchAsync(string text, CancellationToken cancellationToken = default)
        => dataSource.ListAsync<Pack>(
            """
            select * from packs
            where position(lower(@text) in lower(concat_ws(' ', ref, label, description))) > 0
            order by ref
            """,
            new { text },
            cancellationToken);

    /// <summary>The packs that have all of the tags.</summary>
    public Task<IReadOnlyList<Pack>> ListByTagsAsync(string[] tags, CancellationToken cancellationToken = default)
        => dataSource.ListAsync<Pack>("select * from packs where tags @> @tags order by ref", new { tags }, cancellationToken);

    /// <summary>The packs whose configuration contains the given JSON.</summary>
    public Task<IReadOnlyList<Pack>> ListByConfigAsync(string config, CancellationToken cancellationToken = default)
        => dataSource.ListAsync<Pack>(
            "select * from packs where config @> @config::jsonb order by ref", new { config }, cancellationToken);

    /// <summary>The packs whose version precedes the given one: 1.9.0 precedes 1.10.0.</summary>
    public Task<IReadOnlyList<Pack>> ListOlderThanAsync(string version, CancellationToken cancellationToken = default)
        => dataSource.ListAsync<Pack>(
            """
            select * from packs
            where string_to_array(version, '.')::int[] < string_to_array(@version, '.')::int[]
            order by ref
            """,
            new { version },
            cancellationToken);

    /// <summary>The refs that the pack names as dependencies and that are not installed.</summary>
    public Task<IReadOnlyList<string>> ListMissingDependenciesAsync(long id, CancellationToken cancellationToken = default)
        => dataSource.ListAsync<string>(
            """
            select dependency
            from packs cross join unnest(dependencies) as dependency
            where id = @id and not exists (select from packs as installed where installed.ref = dependency)
            order by dependency
            """,
            new { id },
            cancellationToken);

    /// <summary>The packs that name the given one as a dependency.</summary>
    public Task<IReadOnlyList<Pack>> ListDependentsAsync(string @ref, CancellationToken cancellationToken = default)
        => dataSource.ListAsync<Pack>(
            "select * from packs where dependencies @> array[@ref] order by ref", new { @ref }, cancellationToken);

    /// <returns>The changed pack, or null when there is none.</returns>
    public Task<Pack?> UpdateAsync(long id, PackChanges changes, CancellationToken cancellationToken = default)
        => dataSource.SingleOrDefaultAsync<Pack>(
            """
            update packs
            set label = coalesce(@Label, label),
                description = coalesce(@Description, description),
                tags = coalesce(@Tags::text[], tags),
                dependencies = coalesce(@Dependencies::text[], dependencies),
                config = coalesce(@Config::jsonb, config)
            where id = @id
            returning *
            """,
            new { id, changes.Label, changes.Description, changes.Tags, changes.Dependencies, changes.Config },
            cancellationToken);

    /// <returns>The upgraded pack, or null when there is none or its version is not older.</returns>
    public Task<Pack?> UpgradeAsync(long id, string version, CancellationToken cancellationToken = default)
        => dataSource.SingleOrDefaultAsync<Pack>(
            """
            update packs
            set version = @version
            where id = @id and string_to_array(version, '.')::int[] < string_to_array(@version, '.')::int[]
            returning *
            """,
            new { id, version },
            cancellationToken);

    /// <returns>False when there was no such pack.</returns>
    public async Task<bool> DeleteAsync(long id, CancellationToken cancellationToken = default)
        => await dataSource.ExecuteAsync("delete from packs where id = @id", new { id }, cancellationToken) > 0;
}
