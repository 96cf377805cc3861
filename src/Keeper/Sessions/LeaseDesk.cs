using SchemaIsolation.Keeper.Leases;
using SchemaIsolation.Keeper.Postgres;
using SchemaIsolation.Keeper.Slots;
using SchemaIsolation.Wire;

namespace SchemaIsolation.Keeper.Sessions;

/// <summary>Hands slots to tests and takes them back.</summary>
/// <param name="table">Who holds what.</param>
/// <param name="returns">Where used slots go.</param>
/// <param name="leaks">Who left connections open.</param>
/// <param name="scratchDirectory">Where the leases' directories are made.</param>
/// <param name="failedTests">Who may keep them instead; null where nothing is kept.</param>
/// <param name="time">The clock.</param>
internal sealed class LeaseDesk(LeaseTable table, SlotReturns returns, ConnectionLeaks leaks, string scratchDirectory, FailedTests? failedTests, TimeProvider time)
{
    /// <exception cref="SchemaIsolationException">The coded reason for refusing the lease.</exception>
    public async Task<ActiveLease> LeaseAsync(LeaseRequest request, SessionSlots slots, CancellationToken cancellationToken)
    {
        var asked = time.GetTimestamp();
        await table.EnterAsync(cancellationToken);
        try
        {
            var slot = await slots.TakeAsync(request, cancellationToken);
            return await GrantAsync(slot, request, slots, asked, cancellationToken);
        }
        catch
        {
            table.Leave();
            throw;
        }
    }

    private async Task<ActiveLease> GrantAsync(Slot slot, LeaseRequest request, SessionSlots slots, long asked, CancellationToken cancellationToken)
    {
        try
        {
            var address = await slots.AddressAsync(slot, request, cancellationToken);
            var number = table.NextNumber();
            var directory = Directory.CreateDirectory(Path.Combine(scratchDirectory, LeaseNames.Directory(number))).FullName;
            var application = slots.Application(slot, number, request.Test);
            table.Add(new LeaseRecord(number, request.Test, request.Kind, request.Content)
            {
                Slot = slot.ToString(),
                LeasedAt = time.GetUtcNow(),
                Waited = time.GetElapsedTime(asked),
            });

            if (slot.Source.SharesDatabase)
                slots.Outside.Hold(slot.Database, number);

            var grant = new LeaseGrant(address.Name, slot.Database.ToString(), slots.ConnectionString(slot, address, application), directory);
            failedTests?.Lease(number, request.Test, slot, slots.Server);
            return new ActiveLease(grant, release => Release(number, slot, application, directory, slots, release));
        }
        catch
        {
            // The directory could not be made, or the server was lost: the slot is nobody's, and goes where used ones go.
            returns.Add(slot, lease: 0, () => Task.CompletedTask);
            throw;
        }
    }

    private void Release(int number, Slot slot, string application, string directory, SessionSlots slots, LeaseRelease? release)
    {
        table.End(number, release);
        slots.Outside.Release(slot.Database, number);

        // Begun at once, so that a slot waits for its own connections alone. What a process left that died is no leak of a test's.
        var looking = release is not null ? leaks.LookAsync(slots.Server, number, slot, application) : Task.FromResult(true);
        if (failedTests is null)
            returns.Add(slot, number, LetGoAsync);
        else
            failedTests.Release(number, LetGoAsync);
        table.Leave();

        async Task LetGoAsync()
        {
            // What the test left open would pile up until the server has no connection left. A database of one lease ends its own.
            if (await looking && slot.Source.SharesDatabase)
                await slots.EndConnectionsAsync(slot.Database, application);
            DeleteDirectory(directory);
        }
    }

    private static void DeleteDirectory(string directory)
    {
        try
        {
            Directory.Delete(directory, recursive: true);
        }
        catch (DirectoryNotFoundException)
        {
            // The test has deleted it.
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Somebody still writes there; the session's end deletes it with all the others.
        }
    }
}
