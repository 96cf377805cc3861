using System.Collections.Concurrent;
using SchemaIsolation.Keeper.Configuration;
using SchemaIsolation.Keeper.Templates;

namespace SchemaIsolation.Keeper.Sessions;

/// <summary>The templates a session uses: found or built when they are first needed, and kept in use until it ends.</summary>
/// <param name="stores">Where they are, by name.</param>
/// <param name="onReady">Told the name of each template once it can be copied.</param>
internal sealed class SessionTemplates(IReadOnlyDictionary<string, TemplateStore> stores, Action<string, Template> onReady) : IAsyncDisposable
{
    private const string MigrationCodes = "SI12";
    private const string WayOut = "Set Isolation to Auto or Database, or lease these tests with IsolatedDatabase: then the migrations are run once, where they stand.";

    // One each: a lease of one template does not wait until another is built.
    private readonly ConcurrentDictionary<(string Name, TemplateKind Kind), SemaphoreSlim> gates = new();
    private readonly ConcurrentDictionary<(string Name, TemplateKind Kind), Template> templates = new();
    private readonly ConcurrentDictionary<(string Name, TemplateKind Kind), SchemaIsolationException> refusals = new();

    public IReadOnlyDictionary<string, TemplateStore> Stores => stores;

    /// <exception cref="SchemaIsolationException">SI1209: there are no migrations; SI1213: there is no such template; else why it cannot be built, the same each time.</exception>
    public async Task<Template> GetAsync(string name, TemplateKind kind, CancellationToken cancellationToken)
    {
        var gate = Gate(name, kind);
        await gate.WaitAsync(cancellationToken);
        try
        {
            if (templates.TryGetValue((name, kind), out var template))
                return template;
            if (refusals.TryGetValue((name, kind), out var refusal))
                throw new SchemaIsolationException(refusal.Code, refusal.Code is "SI1207" or "SI1208" ? $"{refusal.Reason} {WayOut}" : refusal.Reason, refusal);
            return await EnsureAsync(name, kind, cancellationToken);
        }
        finally
        {
            gate.Release();
        }
    }

    /// <summary>For a template that was dropped while it was in use.</summary>
    public async Task<Template> RebuildAsync(string name, Template lost, CancellationToken cancellationToken)
    {
        var gate = Gate(name, lost.Kind);
        await gate.WaitAsync(cancellationToken);
        try
        {
            if (templates.TryGetValue((name, lost.Kind), out var current) && current != lost)
                return current;

            var rebuilt = await EnsureAsync(name, lost.Kind, cancellationToken);
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
        foreach (var key in templates.Keys)
        {
            var gate = Gate(key.Name, key.Kind);
            await gate.WaitAsync(cancellationToken);
            try
            {
                if (templates.TryRemove(key, out var template))
                    await template.DisposeAsync();
            }
            finally
            {
                gate.Release();
            }
        }
    }

    /// <summary>Waits for templates that are being built; whoever ends the session has cancelled that before.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (var gate in gates.Values)
            await gate.WaitAsync();
        foreach (var template in templates.Values)
            await template.DisposeAsync();
        foreach (var gate in gates.Values)
            gate.Dispose();
    }

    private SemaphoreSlim Gate(string name, TemplateKind kind) => gates.GetOrAdd((name, kind), _ => new SemaphoreSlim(1));

    private async Task<Template> EnsureAsync(string name, TemplateKind kind, CancellationToken cancellationToken)
    {
        if (!stores.TryGetValue(name, out var store))
            throw Unknown(name);

        try
        {
            var template = await store.EnsureAsync(kind, cancellationToken);
            templates[(name, kind)] = template;
            onReady(name, template);
            return template;
        }
        catch (SchemaIsolationException exception) when (exception.Code.StartsWith(MigrationCodes, StringComparison.Ordinal))
        {
            // The files do not change during a session: the next test would wait for the same failure.
            refusals[(name, kind)] = exception;
            throw;
        }
    }

    /// <summary>Why there is no template of that name.</summary>
    public SchemaIsolationException Unknown(string name)
        => name == TemplateOptions.DefaultName
            ? new SchemaIsolationException("SI1209", "The project has no migrations, so there is no template to lease a copy of. Name their folder in Migrations (looked for were \"migrations\" and \"db/migrations\" in the project, the projects it references, and the directories above), or lease with LeaseOptions.Empty or LeaseOptions.NameOnly.")
            : new SchemaIsolationException("SI1213", $"There is no template \"{MessageText.Cut(name)}\". {(stores.Count == 0 ? "None is configured" : $"Legal are {string.Join(", ", stores.Keys.Select(known => $"\"{known}\""))}")}; configure it as a Template.");
}
