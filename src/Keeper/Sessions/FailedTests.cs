using System.Collections.Concurrent;
using System.Globalization;
using SchemaIsolation.Keeper.Configuration;
using SchemaIsolation.Keeper.Leases;
using SchemaIsolation.Keeper.Postgres;
using SchemaIsolation.Keeper.Reporting;
using SchemaIsolation.Keeper.Slots;

namespace SchemaIsolation.Keeper.Sessions;

/// <summary>Holds released slots back until their tests have ended, and keeps those of the first that failed.</summary>
/// <param name="session">Whose tests.</param>
/// <param name="options">How many are kept, and how long.</param>
/// <param name="returns">Where slots go of which it is known that they are not kept.</param>
/// <param name="directory">Where attachments are written; goes with the session.</param>
/// <param name="log">Told what is kept.</param>
/// <param name="time">The clock.</param>
internal sealed class FailedTests(SessionId session, Options options, SlotReturns returns, string directory, KeeperLog log, TimeProvider time)
{
    // Each is a database without connections, beside those that are in use.
    private const int MostWaiting = 16;

    private readonly TestLeases leases = new(MostWaiting);
    private readonly TestOutcomes outcomes = new();
    private readonly SlotKeeping keeping = new(session, options, log, time);
    private readonly ConcurrentDictionary<int, KeepableLease> slots = new();
    private readonly ConcurrentBag<Task> work = [];
    private int failed;
    private int lastFile;

    /// <summary>How many released slots wait for the end of their tests, or are looked at: no lease can have them.</summary>
    public int Withheld => leases.Waiting + keeping.AtWork;

    /// <summary>As many leases as a pool would make those slots for: two for each, one of which is reset while the other is used.</summary>
    public int Places => (Withheld + 1) / 2;

    /// <summary>What is kept, so far.</summary>
    public IReadOnlyCollection<ReportedKept> Kept => keeping.Kept;

    /// <returns>Null where it cannot be told.</returns>
    public string? OutcomeOf(int lease, string test) => Kept.Any(kept => kept.Lease == lease) ? ReportedLease.FailedOutcome : outcomes.Of(test);

    public void Lease(int number, string test, Slot slot, PostgresServer server)
    {
        slots[number] = new KeepableLease(number, test, slot, server);
        leases.Lease(number, test);
    }

    /// <param name="number">The lease's.</param>
    /// <param name="beforeAsync">What has to happen to its slot first, whatever becomes of it.</param>
    public void Release(int number, Func<Task> beforeAsync)
    {
        var lease = slots[number];
        lease.Release(beforeAsync);
        var (isFailed, letGo) = leases.Release(number);
        GiveBack(letGo);
        if (!isFailed)
            return;
        if (SlotKeeping.CanKeep(lease))
            work.Add(keeping.KeepAsync(lease));
        else
            GiveBack([number]);
    }

    /// <summary>Takes note of a test's start or end, as they come: one at a time.</summary>
    /// <param name="test">The test.</param>
    /// <param name="onLooked">For a failed one, told when its result need not wait any more: with what is to be attached to it, or null.</param>
    public void Tell(TestCase test, Action<string?> onLooked)
    {
        var name = TestCaseName.Parse(test.Name);
        if (test.Outcome is null)
        {
            leases.Start(test.Id, name, test.IsRow);
            return;
        }

        outcomes.Add(name, test.Outcome);
        var isFailed = test.Outcome == ReportedLease.FailedOutcome;
        var end = leases.End(test.Id, isFailed);
        GiveBack(end.LetGo);
        if (end.Own.Count > 0 || end.IsAmbiguous)
            work.Add(LookAsync(test, name, end.Own, onLooked));
        else if (isFailed)
            onLooked(null);

        // Not those that leased nothing, or nothing that can be told: one whose slot is kept may come after them.
        if (end.Own.Count > 0 && ++failed == options.KeepFailed)
            GiveBack(leases.Close());
    }

    /// <summary>Waits for what has begun, each step of which has its time limit.</summary>
    public async Task FinishAsync()
    {
        try
        {
            await Task.WhenAll(work);
        }
        catch (Exception exception)
        {
            // What looks at failed tests must not keep the session's end from sweeping.
            log.Failed(Defect.Describe(exception));
        }
    }

    private void GiveBack(IReadOnlyList<int> numbers)
    {
        foreach (var lease in numbers.Select(number => slots[number]).Where(lease => lease.TryGiveBack()))
            returns.Add(lease.Slot, lease.Number, lease.QuietAsync);
    }

    private async Task LookAsync(TestCase test, TestCaseName name, IReadOnlyList<int> own, Action<string?> onLooked)
    {
        await Task.Yield(); // The next test is to be told meanwhile.
        string? attached = null;
        try
        {
            var text = new FailedTestText(test.Title);
            if (own.Count == 0)
                text.AddNotTold();
            if (test.IsRow && own.Count > 1)
                text.AddRowsMeet();
            if (own.Any(lease => !name.Leases.Contains(slots[lease].Test, StringComparer.Ordinal)))
                text.AddCalledOtherwise();
            foreach (var lease in own)
            {
                await keeping.LookAsync(slots[lease], test.Title, text);
                if (slots[lease] is { IsReleased: true } released && !SlotKeeping.CanKeep(released))
                    GiveBack([lease]);
            }

            var number = Interlocked.Increment(ref lastFile);
            var place = Directory.CreateDirectory(Path.Combine(directory, string.Create(CultureInfo.InvariantCulture, $"failed-{number}"))).FullName; // Rows of a theory have one name.
            var file = Path.Combine(place, FailedTestText.FileName(name.ToString()));
            await text.WriteAsync(file);
            attached = file;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            log.NotKept(test.Title, exception.Message);
        }
        finally
        {
            onLooked(attached);
        }
    }
}
