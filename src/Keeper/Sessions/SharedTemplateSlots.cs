using SchemaIsolation.Keeper.Slots;
using SchemaIsolation.Keeper.Templates;

namespace SchemaIsolation.Keeper.Sessions;

/// <summary>The slots of one template in a shared database, where it is not kept: its steps are run for each of them.</summary>
internal sealed class SharedTemplateSlots : IAsyncDisposable
{
    private const string MigrationCodes = "SI12";

    private readonly string name;
    private readonly ReplayedSchemas schemas;
    private readonly Action<string, IsolationChoice> onChosen;
    private readonly TimeSpan leaseTimeout;
    private readonly SemaphoreSlim gate = new(1);
    private bool isChosen;
    private SchemaIsolationException? refusal;

    /// <param name="name">The template's.</param>
    /// <param name="database">Where its slots are made.</param>
    /// <param name="replay">Makes them.</param>
    /// <param name="leaseTimeout">How long a lease waits for a slot.</param>
    /// <param name="mostAtOnce">How many leases there were at once, so far.</param>
    /// <param name="onChosen">Told what leases of schemas get, once that is known.</param>
    public SharedTemplateSlots(
        string name, SharedDatabase database, SharedReplay replay, TimeSpan leaseTimeout, Func<int> mostAtOnce, Action<string, IsolationChoice> onChosen)
    {
        this.name = name;
        this.leaseTimeout = leaseTimeout;
        this.onChosen = onChosen;
        schemas = new ReplayedSchemas(database, replay.MakeAsync, replay.ProveAsync, () => replay.ExtensionSchemas, mostAtOnce);
    }

    /// <exception cref="SchemaIsolationException">SI2003: no slot came free in time; else why none can be made.</exception>
    public async Task<Slot> TakeAsync(CancellationToken cancellationToken)
    {
        // Proved first, which has limits of its own.
        await ProveAsync(cancellationToken);
        return await SlotWait.RunAsync(schemas.TakeAsync, leaseTimeout, cancellationToken);
    }

    /// <summary>Makes slots before anybody asks for them.</summary>
    public async Task PrepareAsync(int slots, CancellationToken cancellationToken)
    {
        await ProveAsync(cancellationToken);
        await schemas.PrepareAsync(slots);
    }

    /// <summary>Hands out no slot whose schema is gone.</summary>
    public void ForgetLost(IReadOnlySet<string> existing) => schemas.ForgetLost(existing);

    public async ValueTask DisposeAsync()
    {
        await schemas.DisposeAsync();
        gate.Dispose();
    }

    private async Task ProveAsync(CancellationToken cancellationToken)
    {
        await gate.WaitAsync(cancellationToken);
        try
        {
            if (refusal is not null)
                throw new SchemaIsolationException(refusal.Code, refusal.Reason, refusal);
            if (isChosen)
                return;

            await schemas.ProveAsync(cancellationToken);
            onChosen(name, new IsolationChoice(TemplateKind.Schema, Refusal: null));
            isChosen = true;
        }
        catch (SchemaIsolationException exception) when (refusal is null && exception.Code.StartsWith(MigrationCodes, StringComparison.Ordinal))
        {
            // The files do not change during a session: the next test would wait for the same failure.
            refusal = exception;
            onChosen(name, new IsolationChoice(TemplateKind.Schema, exception));
            throw;
        }
        finally
        {
            gate.Release();
        }
    }
}
