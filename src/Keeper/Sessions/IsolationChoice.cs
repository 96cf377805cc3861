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
    public static async Task<IsolationChoice> MakeAsync(Isolation asked, string template, SessionTemplates templates, CancellationToken cancellationToken)
    {
        if (asked == Isolation.Database || !templates.Stores.TryGetValue(template, out var store))
        {
            await templates.GetAsync(template, TemplateKind.Database, cancellationToken);
            return new IsolationChoice(TemplateKind.Database, Refusal: null);
        }

        var known = asked == Isolation.Auto ? await FindKnownAsync(store, cancellationToken) : null;
        var refusal = known ?? await TrySchemaAsync(template, templates, cancellationToken);
        if (refusal is null)
            return new IsolationChoice(TemplateKind.Schema, Refusal: null);

        await templates.GetAsync(template, TemplateKind.Database, cancellationToken);
        if (known is null)
            await store.RememberRefusalAsync(refusal, cancellationToken);
        return new IsolationChoice(asked == Isolation.Schema ? TemplateKind.Schema : TemplateKind.Database, refusal);
    }

    private static async Task<SchemaIsolationException?> FindKnownAsync(TemplateStore store, CancellationToken cancellationToken)
    {
        if (store.Source.IsMigratedByProgram)
            return new SchemaIsolationException("SI1208", "A program decides itself where its tables go, so it is run once, into a database; Isolation \"Schema\" runs it into schemas, and proves these.");
        return await store.HasAsync(TemplateKind.Schema, cancellationToken) ? null : await store.RecallRefusalAsync(cancellationToken);
    }

    private static async Task<SchemaIsolationException?> TrySchemaAsync(string template, SessionTemplates templates, CancellationToken cancellationToken)
    {
        try
        {
            await templates.GetAsync(template, TemplateKind.Schema, cancellationToken);
            return null;
        }
        catch (SchemaIsolationException exception) when (exception.Code is "SI1207" or "SI1208")
        {
            return exception;
        }
    }
}
