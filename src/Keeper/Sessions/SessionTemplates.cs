using System.Collections.Concurrent;
using SchemaIsolation.Keeper.Configuration;
using SchemaIsolation.Keeper.Templates;

namespace SchemaIsolation.Keeper.Sessions;

/// <summary>The templates a session uses: found or built when they are first needed, and kept in use until it ends.</summary>
internal sealed class SessionTemplates : IAsyncDisposable
{
    private const string MigrationCodes = "SI12";
    private const string WayOut = "Set Isolation to Auto or Database, or lease these tests with IsolatedDatabase: then the migrations are run once, where they stand.";

    // One each: a lease of one template does not wait until another is built.
    private readonly ConcurrentDictionary<(string Name, TemplateKind Kind), SemaphoreSlim> gates = new();
    private readonly ConcurrentDictionary<(string Name, TemplateKind Kind), Template> templates = new();
    private readonly ConcurrentDictionary<(string Name, TemplateKind Kind), SchemaIsolationException> refusals = new();

    private readonly ConcurrentDictionary<string, TemplateStore> stores;
    private readonly Func<TemplateSource, TemplateStore> open;
    private readonly Action<string, Template> onReady;

    /// <param name="sources">What those that are configured are made from, by name.</param>
    /// <param name="open">Where templates of a source are.</param>
    /// <param name="onReady">Told the name of each template once it can be copied.</param>
    public SessionTemplates(IReadOnlyDictionary<string, TemplateSource> sources, Func<TemplateSource, TemplateStore> open, Action<string, Template> onReady)
    {
        stores = new(sources.ToDictionary(source => source.Key, source => open(source.Value), StringComparer.Ordinal), StringComparer.Ordinal);
        this.open = open;
        this.onReady = onReady;
    }

    public IReadOnlyDictionary<string, TemplateStore> Stores => stores;

    /// <summary>Takes up a template that the test project defines.</summary>
    /// <exception cref="SchemaIsolationException">SI1215: another one has the name.</exception>
    public void Define(TemplateSource source)
    {
        var known = stores.GetOrAdd(source.Name, _ => open(source)).Source;
        if (known.CodeFingerprint != source.CodeFingerprint)
            throw new SchemaIsolationException("SI1215", $"The template \"{source.Name}\" is {(known.CodeFingerprint is null ? "one that the configuration has" : "defined twice, with different fingerprints")}. Give each its own name.");
    }

    /// <param name="name">The template's.</param>
    /// <param name="kind">What it holds.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <param name="buildAsync">The code that makes it, told where; null where the test project has none, or cannot be asked.</param>
    /// <exception cref="SchemaIsolationException">SI1209: there are no migrations; SI1213: there is no such template; else why it cannot be built, the same each time.</exception>
    public async Task<Template> GetAsync(string name, TemplateKind kind, CancellationToken cancellationToken, Func<string, CancellationToken, Task>? buildAsync = null)
    {
        var gate = Gate(name, kind);
        await gate.WaitAsync(cancellationToken);
        try
        {
            if (templates.TryGetValue((name, kind), out var template))
                return template;
            if (refusals.TryGetValue((name, kind), out var refusal))
                throw new SchemaIsolationException(refusal.Code, refusal.Code is "SI1207" or "SI1208" ? $"{refusal.Reason} {WayOut}" : refusal.Reason, refusal);
            return await EnsureAsync(name, kind, buildAsync, cancellationToken);
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

            var rebuilt = await EnsureAsync(name, lost.Kind, buildAsync: null, cancellationToken);
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

    private async Task<Template> EnsureAsync(string name, TemplateKind kind, Func<string, CancellationToken, Task>? buildAsync, CancellationToken cancellationToken)
    {
        if (!stores.TryGetValue(name, out var store))
            throw Unknown(name);

        try
        {
            var template = await store.EnsureAsync(kind, cancellationToken, buildAsync);
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
            : new SchemaIsolationException("SI1213", $"There is no template \"{MessageText.Cut(name)}\". {(stores.IsEmpty ? "None is configured" : $"Legal are {string.Join(", ", stores.Keys.Order(StringComparer.Ordinal).Select(known => $"\"{known}\""))}")}; configure it as a Template.");
}
