using Npgsql;

namespace Workflow.Repositories;

public sealed class RuleRepository(NpgsqlDataSource dataSource)
{
    public Task<Rule> CreateAsync(NewRule rule, CancellationToken cancellationToken = default)
        => dataSource.SingleAsync<Rule>(
            """
            insert into rules (pack_id, trigger_id, action_id, ref, conditions, parameters)
            values (@PackId, @TriggerId, @ActionId, @Ref, @Conditions::jsonb, @Parameters::jsonb)
            returning *
            """,
            rule,
            cancellationToken);

    public Task<Rule?> FindByRefAsync(string @ref, CancellationToken cancellationToken = default)
        => dataSource.SingleOrDefaultAsync<Rule>("select * from rules where ref = @ref", new { @ref }, cancellationToken);

    /// <summary>The rules that an event of the trigger sets off: they, their trigger and their action are enabled.</summary>
    public Task<IReadOnlyList<Rule>> ListActiveAsync(long triggerId, CancellationToken cancellationToken = default)
        => dataSource.ListAsync<Rule>(
            """
            select rules.*
            from rules
            join triggers on triggers.id = rules.trigger_id
            join actions on actions.id = rules.action_id
            where rules.trigger_id = @triggerId and rules.enabled and triggers.enabled and actions.enabled
            order by rules.ref
            """,
            new { triggerId },
            cancellationToken);

    /// <returns>The changed rule, or null when there is none.</returns>
    public Task<Rule?> SetEnabledAsync(long id, bool enabled, CancellationToken cancellationToken = default)
        => dataSource.SingleOrDefaultAsync<Rule>(
            "update rules set enabled = @enabled where id = @id returning *", new { id, enabled }, cancellationToken);

    /// <returns>False when there was no such rule.</returns>
    public async Task<bool> DeleteAsync(long id, CancellationToken cancellationToken = default)
        => await dataSource.ExecuteAsync("delete from rules where id = @id", new { id }, cancellationToken) > 0;
}
