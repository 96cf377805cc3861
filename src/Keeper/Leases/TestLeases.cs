namespace SchemaIsolation.Keeper.Leases;

/// <summary>Which leases were a test's, and which released ones have to wait until it is known whether their tests failed.</summary>
/// <remarks>
/// A lease is released before its test's outcome is known, and frameworks tell of a test's start and end when they come to it: xUnit long after
/// the test, MSTest and NUnit at once. So names decide, and order only where they do not. A released lease waits until a test ends that is called as
/// it is. What is never called for, such as a fixture's, waits until so many others have been released after it.
/// </remarks>
/// <param name="mostWaiting">How many released leases may wait.</param>
internal sealed class TestLeases(int mostWaiting)
{
    private readonly object gate = new();
    private readonly Dictionary<int, TestLease> leases = [];
    private readonly Dictionary<string, RunningTest> running = new(StringComparer.Ordinal);
    private readonly HashSet<string> namesOfTests = new(StringComparer.Ordinal);
    private readonly HashSet<string> namesOfLost = new(StringComparer.Ordinal);
    private long now;
    private bool isClosed;

    /// <summary>How many released leases wait.</summary>
    public int Waiting
    {
        get
        {
            lock (gate)
                return leases.Values.Count(lease => lease.ReleasedAt is not null);
        }
    }

    public void Lease(int number, string test)
    {
        lock (gate)
            leases[number] = new TestLease(number, test, ++now);
    }

    /// <returns>Whether a test that held it has failed; and those that need not wait any more, among which it may be.</returns>
    public (bool IsFailed, IReadOnlyList<int> LetGo) Release(int number)
    {
        lock (gate)
        {
            var lease = leases[number];
            if (lease.HasFailed is { } hasFailed)
            {
                leases.Remove(number);
                return (hasFailed, hasFailed ? [] : [number]);
            }

            leases[number] = lease with { ReleasedAt = ++now };
            if (isClosed)
                return (false, Remove([lease]));
            var lost = leases.Values.Where(other => other.ReleasedAt is not null).OrderByDescending(other => other.ReleasedAt).Skip(mostWaiting).ToList();
            namesOfLost.UnionWith(lost.Select(other => other.Test));
            return (false, Remove(lost));
        }
    }

    public void Start(string id, TestCaseName name)
    {
        lock (gate)
        {
            foreach (var other in running.Values)
                other.IsAlone = false;
            running[id] = new RunningTest(name, ++now) { IsAlone = running.Count == 0 };
            namesOfTests.UnionWith(name.Leases);
        }
    }

    /// <summary>Leases that are still held stay the failed test's until they are released.</summary>
    public TestEnd End(string id, bool isFailed)
    {
        lock (gate)
        {
            if (!running.Remove(id, out var test) || isClosed)
                return new TestEnd([], [], IsAmbiguous: false);

            var (own, others) = FindOwn(test);
            if (!isFailed && others.Any())
                return new TestEnd([], [], IsAmbiguous: false);

            // A fixture's may still be held by a test that fails. Of one that is called like the test, the release is on its way.
            foreach (var held in own.Where(lease => lease.ReleasedAt is null && (isFailed || !IsNobodys(lease))))
                leases[held.Number] = held with { HasFailed = isFailed };
            var settled = Remove(own.Where(lease => lease.ReleasedAt is not null));
            if (!isFailed)
                return new TestEnd([], settled, IsAmbiguous: false);
            return new TestEnd([.. own.Select(lease => lease.Number)], [], own.Count == 0 && MayHaveHadOne(test));
        }
    }

    /// <summary>When no more is to be kept than what is a failed test's already.</summary>
    /// <returns>All that waited.</returns>
    public IReadOnlyList<int> Close()
    {
        lock (gate)
        {
            isClosed = true;
            return Remove(leases.Values.Where(lease => lease.ReleasedAt is not null));
        }
    }

    private bool MayHaveHadOne(RunningTest test)
        => leases.Values.Any(lease => IsNobodys(lease) && (IsMetBy(test, lease) || test.Name.IsOfClass(lease.Test))) || test.Name.Leases.Any(namesOfLost.Contains);

    /// <returns>The test's, in the order of leasing; and which other running tests they may be of as well.</returns>
    private (IReadOnlyList<TestLease> Own, IEnumerable<RunningTest> Others) FindOwn(RunningTest test)
    {
        if (WithoutNext(OldestIfLate(test, leases.Values.Where(lease => test.Name.Leases.Contains(lease.Test, StringComparer.Ordinal)))) is { Count: > 0 } named)
            return (named, running.Values.Where(other => other.Name == test.Name));

        var nobodys = leases.Values.Where(lease => IsNobodys(lease) && IsMetBy(test, lease)).OrderBy(lease => lease.Number).ToList();
        if (nobodys.FindAll(lease => test.Name.IsOfClass(lease.Test)) is { Count: > 0 } ofClass)
            return (ofClass, running.Values.Where(other => other.Name.Class == test.Name.Class));
        return (test.IsAlone ? nobodys : [], []);
    }

    // What was released before its test's start was told shows that the framework is behind: further ones may be the next row's, whose end is to come.
    // A framework that is behind runs the tests of a class one after the other, so what was held beside the oldest is of the same test.
    private static List<TestLease> OldestIfLate(RunningTest test, IEnumerable<TestLease> candidates)
    {
        var ordered = candidates.OrderBy(lease => lease.Number).ToList();
        return ordered.FirstOrDefault(lease => !IsMetBy(test, lease)) is { } oldest
            ? [.. ordered.Where(lease => lease.LeasedAt < oldest.ReleasedAt)]
            : ordered;
    }

    // What is called like the test and was leased after all the rest was released is the next row's, which has begun.
    private static List<TestLease> WithoutNext(List<TestLease> named)
        => named.Max(lease => lease.ReleasedAt) is { } lastRelease ? [.. named.Where(lease => lease.LeasedAt < lastRelease)] : named;

    /// <summary>Whether it was held at some time between the test's start and now.</summary>
    private static bool IsMetBy(RunningTest test, TestLease lease) => lease.ReleasedAt is not { } released || released > test.StartedAt;

    /// <summary>Whether it is called like no test that is known.</summary>
    private bool IsNobodys(TestLease lease) => !namesOfTests.Contains(lease.Test);

    private int[] Remove(IEnumerable<TestLease> found)
    {
        int[] numbers = [.. found.Select(lease => lease.Number).Order()];
        foreach (var number in numbers)
            leases.Remove(number);
        return numbers;
    }

    private sealed record TestLease(int Number, string Test, long LeasedAt)
    {
        /// <summary>Null while it is held.</summary>
        public long? ReleasedAt { get; init; }

        /// <summary>What became of its test while it was held; null while that is not known.</summary>
        public bool? HasFailed { get; init; }
    }

    private sealed record RunningTest(TestCaseName Name, long StartedAt)
    {
        /// <summary>Whether no other test ran at the same time, as far as was told.</summary>
        public required bool IsAlone { get; set; }
    }
}
