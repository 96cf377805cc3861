using SchemaIsolation.Keeper.Templates;

namespace SchemaIsolation.Keeper.Sessions;

/// <summary>The templates a session uses: found or built when they are first needed, and kept in use until it ends.</summary>
/// <param name="store">Where they are; null when the project has no migrations.</param>
/// <param name="onReady">Told of each template once it can be copied.</param>
internal sealed class SessionTemplates(TemplateStore? store, Action<Template> onReady) : IAsyncDisposable
{
    private const string MigrationCodes = "SI12";
    private const string WayOut = "Set Isolation to Auto or Database, or lease these tests with IsolatedDatabase: then the migrations are run once, where they stand.";

    private readonly SemaphoreSlim gate = new(1);
    private readonly Dictionary<TemplateKind, Template> templates = [];
    private readonly Dictionary<TemplateKind, SchemaIsolationException> refusals = [];

    /// <summary>Whether there is something to make a template of.</summary>
    public bool AreAny => store is not null;

    /// <exception cref="SchemaIsolationException">SI1209: there are no migrations; else why the template cannot be built, the same each time.</exception>
    public async Task<Template> GetAsync(TemplateKind kind, CancellationToken cancellationToken)
    {
        await gate.WaitAsync(cancellationToken);
        try
        {
            if (templates.TryGetValue(kind, out var template))
                return template;
            if (refusals.TryGetValue(kind, out var refusal))
                throw new SchemaIsolationException(refusal.Code, refusal.Code is "SI1207" or "SI1208" ? $"{refusal.Reason} {WayOut}" : refusal.Reason, refusal);
            return await EnsureAsync(kind, cancellationToken);
        }
        finally
        {
            gate.Release();
        }
    }

    /// <summary>For a template that was dropped while it was in use.</summary>
    public async Task<Template> RebuildAsync(Template lost, CancellationToken cancellationToken)
    {
        await gate.WaitAsync(cancellationToken);
        try
        {
            if (templates.TryGetValue(lost.Kind, out var current) && current != lost)
                return current;

            var rebuilt = await EnsureAsync(lost.Kind, cancellationToken);
            await lost.DisposeAsync();
            return rebuilt;
        }
        finally
        {
            gate.Release();
        }
    }

    /// <summary>Looks for each template anew when it is next needed: the locks that kept them are gone.</summary>
    public async Task ForgetAsync(CancellationToken cancellationToken)
    {
        await gate.WaitAsync(cancellationToken);
        try
        {
            foreach (var template in templates.Values)
                await template.DisposeAsync();
            templates.Clear();
        }
        finally
        {
            gate.Release();
        }
    }

    /// <summary>Waits for a template that is being built; whoever ends the session has cancelled that before.</summary>
    public async ValueTask DisposeAsync()
    {
        await gate.WaitAsync();
        foreach (var template in templates.Values)
            await template.DisposeAsync();
        gate.Dispose();
    }

    private async Task<Template> EnsureAsync(TemplateKind kind, CancellationToken cancellationToken)
    {
        if (store is null)
            throw new SchemaIsolationException("SI1209", "The project has no migrations, so there is no template to lease a copy of. Name their folder in Migrations (looked for were \"migrations\" and \"db/migrations\" in the project, the projects it references, and the directories above), or lease with LeaseOptions.Empty or LeaseOptions.NameOnly.");

        try
        {
            var template = await store.EnsureAsync(kind, cancellationToken);
            templates[kind] = template;
            onReady(template);
            return template;
        }
        catch (SchemaIsolationException exception) when (exception.Code.StartsWith(MigrationCodes, StringComparison.Ordinal))
        {
            // The files do not change during a session: the next test would wait for the same failure.
            refusals[kind] = exception;
            throw;
        }
    }
}
