using SchemaIsolation.Keeper.Slots;
using SchemaIsolation.Testing;
using Xunit;

namespace SchemaIsolation.Tests.PostgreSql.Slots;

public sealed class SlotReturnsTests(TestServer server)
{
    [Fact]
    public async Task A_used_slot_is_dropped_after_what_has_to_happen_first()
    {
        await using var session = await OwnSession.StartAsync(server);
        await using var drops = new SlotReturns(TimeProvider.System);
        var slot = await new PlainSchemas(session.Databases).Empty.TakeAsync(CancellationToken.None);
        var schemasBefore = "";

        drops.Add(slot, lease: 1, async () => schemasBefore = await ListAsync(slot));

        await Eventually.TrueAsync(async () => await ListAsync(slot) == "");
        Assert.Equal(slot.Schema, schemasBefore);
    }

    [Fact]
    public async Task A_slot_that_cannot_be_dropped_is_told_and_keeps_no_other()
    {
        await using var session = await OwnSession.StartAsync(server);
        await using var drops = new SlotReturns(TimeProvider.System);
        var schemas = new PlainSchemas(session.Databases);
        var stuck = await schemas.Empty.TakeAsync(CancellationToken.None);
        var next = await schemas.Empty.TakeAsync(CancellationToken.None);
        await using var stranger = await server.Postgres.OpenUnpooledAsync(stuck.Database.ToString(), CancellationToken.None);
        await Psql.RunAsync(stranger, $"create table {stuck.Schema}.t (n int)", "begin", $"lock table {stuck.Schema}.t");

        drops.Add(stuck, lease: 1, () => Task.CompletedTask);
        drops.Add(next, lease: 1, () => Task.CompletedTask);

        await Eventually.TrueAsync(() => Task.FromResult(drops.Failures.Count == 1));
        Assert.StartsWith($"{stuck}: 55P03: ", drops.Failures.Single(), StringComparison.Ordinal);
        await Eventually.TrueAsync(async () => await ListAsync(stuck) == stuck.Schema);
    }

    private Task<string> ListAsync(Slot slot) => Psql.RunAsync(server.Address, slot.Database, "select nspname::text from pg_namespace where oid >= 16384 order by 1");
}
