namespace SchemaIsolation.Keeper.Leases;

/// <summary>Which leases were a test's, and which released ones have to wait until it is known whether their tests failed.</summary>
/// <remarks>
/// A lease is released before its test's outcome is known, and frameworks tell of a test's start and end when they come to it: MSTest and NUnit at
/// once, so that the end may even come before the release, xUnit perhaps some tests later. So names decide, and order only where they do not. A released
/// lease waits until a test ends that is called as it is. What no test is called for waits until so many others have been released after it.
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
                return leases.Values.Count(lease => lease.IsWaiting);
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
            var lease = leases[number] = leases[number] with { ReleasedAt = ++now };
            if (lease.HasFailed is true)
                return (true, []);
            if (lease.HasFailed is false || isClosed)
                return (false, Remove([lease]));
            var lost = leases.Values.Where(other => other.IsWaiting).OrderByDescending(other => other.ReleasedAt).Skip(mostWaiting).ToList();
            namesOfLost.UnionWith(lost.Select(other => other.Test));
            return (false, Remove(lost));
        }
    }

    /// <param name="id">The same at the end.</param>
    /// <param name="name">What it is called.</param>
    /// <param name="isRow">Whether others are called so as well.</param>
    public void Start(string id, TestCaseName name, bool isRow)
    {
        lock (gate)
        {
            foreach (var other in running.Values)
                other.IsAlone = false;
            running[id] = new RunningTest(name, isRow, ++now) { IsAlone = running.Count == 0 };
            namesOfTests.UnionWith(name.Leases);
        }
    }

    /// <summary>Leases that are still held stay the failed test's until they are released, and another's that fails, as those of a fixture may be.</summary>
    public TestEnd End(string id, bool isFailed)
    {
        lock (gate)
        {
            if (!running.Remove(id, out var test) || isClosed)
                return new TestEnd([], [], IsAmbiguous: false);

            // What is called like no test may be of one that will be told of: it is only let go by what waits behind it.
            var own = FindNamed(test, isFailed) ?? (isFailed ? FindNameless(test) : []);

            // A fixture's may still be held by a test that fails. Of one that is called like the test, the release is on its way.
            foreach (var lease in own.Where(lease => isFailed || lease.ReleasedAt is null))
                leases[lease.Number] = lease with { HasFailed = isFailed };
            if (!isFailed)
                return new TestEnd([], Remove(own.Where(lease => lease.ReleasedAt is not null)), IsAmbiguous: false);

            var isAmbiguous = own.Count == 0 && MayHaveHadOne(test);
            namesOfLost.UnionWith(own.Select(lease => lease.Test));
            return new TestEnd([.. own.Select(lease => lease.Number)], [], isAmbiguous);
        }
    }

    /// <summary>When no more is to be kept than what is a failed test's already.</summary>
    /// <returns>All that waited.</returns>
    public IReadOnlyList<int> Close()
    {
        lock (gate)
        {
            isClosed = true;
            return Remove(leases.Values.Where(lease => lease.IsWaiting));
        }
    }

    private bool MayHaveHadOne(RunningTest test)
        => leases.Values.Any(lease => IsNobodys(lease) && (IsMetBy(test, lease) || test.Name.IsOfClass(lease.Test))) || test.Name.Leases.Any(namesOfLost.Contains);

    /// <returns>Those that are called like the test: of one that fails all that may be its own, of one that passes those that are no other row's. Null when none is called so.</returns>
    private List<TestLease>? FindNamed(RunningTest test, bool isFailed)
    {
        var named = leases.Values.Where(lease => lease.HasFailed is null && test.Name.Leases.Contains(lease.Test, StringComparer.Ordinal)).OrderBy(lease => lease.Number).ToList();
        if (named.Count == 0 || !test.IsRow)
            return named.Count == 0 ? null : named;

        // Who tells of several rows at once tells of each in time.
        var leasedSince = named.FindAll(lease => lease.LeasedAt > test.StartedAt);
        if (running.Values.Any(other => other.Name == test.Name))
            return !isFailed ? [] : leasedSince.Count > 0 ? leasedSince : named;

        // Else the rows come one after the other, but may be told of later: then the oldest are this one's, with what was held at the same time, and
        // others the next ones'.
        var oldest = named.FindAll(lease => named[0].ReleasedAt is not { } released || lease.LeasedAt < released);
        return isFailed ? [.. oldest.Union(leasedSince.Where(lease => lease.ReleasedAt is not null))] : oldest;
    }

    /// <returns>Those that are called like no test: in a file of another name than the class, of the method; else those that were held meanwhile, of the class, or, where no other test ran, all.</returns>
    private List<TestLease> FindNameless(RunningTest test)
    {
        var nameless = leases.Values.Where(IsNobodys).OrderBy(lease => lease.Number).ToList();
        var met = nameless.FindAll(lease => IsMetBy(test, lease));
        List<TestLease>[] choices =
        [
            met.FindAll(lease => test.Name.IsOfMethod(lease.Test)),
            nameless.FindAll(lease => lease.HasFailed is null && test.Name.IsOfMethod(lease.Test)), // A test may be told of after it has ended.
            met.FindAll(lease => test.Name.IsOfClass(lease.Test)),
            nameless.FindAll(lease => test.Name.IsOfClass(lease.Test)) is [var only] ? [only] : [], // As above: a fixture's is released after all of them.
            test.IsAlone ? met : [],
        ];
        return choices.FirstOrDefault(found => found.Count > 0) ?? [];
    }

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

        /// <summary>What became of its test; null while that is not known.</summary>
        public bool? HasFailed { get; init; }

        public bool IsWaiting => ReleasedAt is not null && HasFailed is null;
    }

    private sealed record RunningTest(TestCaseName Name, bool IsRow, long StartedAt)
    {
        /// <summary>Whether no other test ran at the same time, as far as was told.</summary>
        public required bool IsAlone { get; set; }
    }
}
