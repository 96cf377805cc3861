using SchemaIsolation.Keeper.Configuration;
using SchemaIsolation.Keeper.Templates;

namespace SchemaIsolation.Keeper.Sessions;

/// <summary>What migrated leases of schemas get.</summary>
/// <param name="Kind">A schema, or a database.</param>
/// <param name="Refusal">Why no schema can be had; null when one can, or was not asked for.</param>
internal sealed record IsolationChoice(TemplateKind Kind, SchemaIsolationException? Refusal)
{
    /// <summary>Makes the choice, and builds a template: migrations that cannot be run into several schemas may still make a database.</summary>
    /// <exception cref="SchemaIsolationException">Why there is neither the one nor the other.</exception>
    public static async Task<IsolationChoice> MakeAsync(Isolation asked, TemplateStore store, SessionTemplates templates, CancellationToken cancellationToken)
    {
        if (asked == Isolation.Database)
        {
            await templates.GetAsync(TemplateKind.Database, cancellationToken);
            return new IsolationChoice(TemplateKind.Database, Refusal: null);
        }

        var recalled = asked == Isolation.Auto ? await RecallAsync(store, cancellationToken) : null;
        var refusal = recalled ?? await TrySchemaAsync(templates, cancellationToken);
        if (refusal is null)
            return new IsolationChoice(TemplateKind.Schema, Refusal: null);

        await templates.GetAsync(TemplateKind.Database, cancellationToken);
        if (recalled is null)
            await store.RememberRefusalAsync(refusal, cancellationToken);
        return new IsolationChoice(asked == Isolation.Schema ? TemplateKind.Schema : TemplateKind.Database, refusal);
    }

    private static async Task<SchemaIsolationException?> RecallAsync(TemplateStore store, CancellationToken cancellationToken)
        => await store.HasAsync(TemplateKind.Schema, cancellationToken) ? null : await store.RecallRefusalAsync(cancellationToken);

    private static async Task<SchemaIsolationException?> TrySchemaAsync(SessionTemplates templates, CancellationToken cancellationToken)
    {
        try
        {
            await templates.GetAsync(TemplateKind.Schema, cancellationToken);
            return null;
        }
        catch (SchemaIsolationException exception) when (exception.Code is "SI1207" or "SI1208")
        {
            return exception;
        }
    }
}
