using Npgsql;

namespace Workflow.Repositories;

public sealed class ActionRepository(NpgsqlDataSource dataSource)
{
    internal const string Insert =
        """
        insert into actions
            (pack_id, runtime_id, ref, label, description, entrypoint, parameter_schema, output_schema, enabled)
        values
            (@PackId, @RuntimeId, @Ref, @Label, @Description, @Entrypoint, @ParameterSchema::jsonb, @OutputSchema::jsonb, @Enabled)
        returning *
        """;

    public Task<Action> CreateAsync(NewAction action, CancellationToken cancellationToken = default)
        => dataSource.SingleAsync<Action>(Insert, action, cancellationToken);

    public Task<Action?> FindAsync(long id, CancellationToken cancellationToken = default)
        => dataSource.SingleOrDefaultAsync<Action>("select * from actions where id = @id", new { id }, cancellationToken);

    public Task<Action?> FindByRefAsync(string @ref, CancellationToken cancellationToken = default)
        => dataSource.SingleOrDefaultAsync<Action>("select * from actions where ref = @ref", new { @ref }, cancellationToken);

    public Task<IReadOnlyList<Action>> ListAsync(CancellationToken cancellationToken = default)
        => dataSource.ListAsync<Action>("select * from actions order by ref", null, cancellationToken);

    public Task<IReadOnlyList<Action>> ListEnabledAsync(CancellationToken cancellationToken = default)
        => dataSource.ListAsync<Action>("select * from actions where enabled order by ref", null, cancellationToken);

    public Task<IReadOnlyList<Action>> ListByPackAsync(long packId, CancellationToken cancellationToken = default)
        => dataSource.ListAsync<Action>(
            "select * from actions where pack_id = @packId order by ref", new { packId }, cancellationToken);

    public Task<long> CountByPackAsync(long packId, CancellationToken cancellationToken = default)
        => dataSource.SingleAsync<long>("select count(*) from actions where pack_id = @packId", new { packId }, cancellationToken);

    /// <summary>The actions whose ref, label or description holds the text, in whatever case.</summary>
    public Task<IReadOnlyList<Action>> SearchAsync(string text, CancellationToken cancellationToken = default)
        => dataSource.ListAsync<Action>(
            """
            select * from actions
            where position(lower(@text) in lower(concat_ws(' ', ref, label, description))) > 0
            order by ref
            """,
            new { text },
            cancellationToken);

    /// <summary>The actions whose parameter schema has a property of the given name.</summary>
    public Task<IReadOnlyList<Action>> ListByParameterAsync(string name, CancellationToken cancellationToken = default)
        => dataSource.ListAsync<Action>(
            "select * from actions where parameter_schema -> 'properties' ? @name order by ref", new { name }, cancellationToken);

    /// <summary>The names that the parameter schema requires, in the schema's order.</summary>
    public Task<IReadOnlyList<string>> ListRequiredParametersAsync(long id, CancellationToken cancellationToken = default)
        => dataSource.ListAsync<string>(
            """
            select required.name
            from actions cross join jsonb_array_elements_text(parameter_schema -> 'required') with ordinality as required (name, position)
            where id = @id
            order by required.position
            """,
            new { id },
            cancellationToken);

    /// <returns>The changed action, or null when there is none.</returns>
    public Task<Action?> UpdateAsync(long id, ActionChanges changes, CancellationToken cancellationToken = default)
        => dataSource.SingleOrDefaultAsync<Action>(
            """
            update actions
            set label = coalesce(@Label, label),
                description = coalesce(@Description, description),
                entrypoint = coalesce(@Entrypoint, entrypoint),
                parameter_schema = coalesce(@ParameterSchema::jsonb, parameter_schema),
                output_schema = coalesce(@OutputSchema::jsonb, output_schema)
            where id = @id
            returning *
            """,
            new { id, changes.Label, changes.Description, changes.Entrypoint, changes.ParameterSchema, changes.OutputSchema },
            cancellationToken);

    /// <summary>Puts the action on a runtime, or on none.</summary>
    /// <returns>The changed action, or null when there is none.</returns>
    public Task<Action?> AssignRuntimeAsync(long id, long? runtimeId, CancellationToken cancellationToken = default)
        => dataSource.SingleOrDefaultAsync<Action>(
            "update actions set runtime_id = @runtimeId where id = @id returning *", new { id, runtimeId }, cancellationToken);

    /// <returns>False when there is no such action.</returns>
    public Task<bool> EnableAsync(long id, CancellationToken cancellationToken = default)
        => SetEnabledAsync(id, enabled: true, cancellationToken);

    /// <returns>False when there is no such action.</returns>
    public Task<bool> DisableAsync(long id, CancellationToken cancellationToken = default)
        => SetEnabledAsync(id, enabled: false, cancellationToken);

    /// <returns>False when there was no such action.</returns>
    public async Task<bool> DeleteAsync(long id, CancellationToken cancellationToken = default)
        => await dataSource.ExecuteAsync("delete from actions where id = @id", new { id }, cancellationToken) > 0;

    private async Task<bool> SetEnabledAsync(long id, bool enabled, CancellationToken cancellationToken)
        => await dataSource.ExecuteAsync(
            "update actions set enabled = @enabled where id = @id", new { id, enabled }, cancellationToken) > 0;
}
