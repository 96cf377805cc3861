using System.Threading.Channels;
using SchemaIsolation.Keeper.Postgres;
using SchemaIsolation.Keeper.Slots;

namespace SchemaIsolation.Tests.Unit.Slots;

/// <summary>A source that says what it was given back.</summary>
internal sealed class FakeSlots : ISlotSource
{
    private readonly Channel<Slot> drops = Channel.CreateUnbounded<Slot>();

    public IReadOnlyList<string> ExtensionSchemas => [];

    public bool SharesDatabase => false;

    public bool KeepsConnections => false;

    public Slot Slot(int number) => new(this, DatabaseName.ForSlot(new SessionId(1), number), Schema: null);

    public Task<Slot> TakeAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<Slot?> TakeBackAsync(Slot slot, int lease, CancellationToken cancellationToken)
    {
        drops.Writer.TryWrite(slot);
        return Task.FromResult<Slot?>(null);
    }

    public Task<Slot> NextDropAsync() => drops.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(5));
}
