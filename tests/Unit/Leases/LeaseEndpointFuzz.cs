using System.Collections.Concurrent;
using System.Globalization;
using SchemaIsolation.Keeper.Leases;
using SchemaIsolation.Testing;
using SchemaIsolation.Wire;

namespace SchemaIsolation.Tests.Unit.Leases;

[Collection(nameof(FuzzCollection))]
public sealed class LeaseEndpointFuzz
{
    private const string SeedVariable = "SCHEMAISOLATION_FUZZ_SEED";
    private const string FramesVariable = "SCHEMAISOLATION_FUZZ_FRAMES";
    private const int Slots = 8;
    private const int HostileClients = 4;
    private const int HonestClients = 3;

    [Fact]
    public async Task Honest_tests_lease_while_hostile_clients_say_what_they_like()
    {
        var seed = Number(SeedVariable, Random.Shared.Next());
        var framesEach = Number(FramesVariable, 100_000) / HostileClients;
        TestContext.Current.TestOutputHelper?.WriteLine($"{SeedVariable}={seed}");
        var slots = new CountedSlots(Slots);
        await using var session = new FakeSession(slots.LeaseAsync);
        var memoryBefore = GC.GetTotalMemory(forceFullCollection: true);
        using var over = new CancellationTokenSource();
        var failures = new ConcurrentQueue<string>();
        var honest = Enumerable.Range(0, HonestClients).Select(_ => Task.Run(() => LeaseUntilAsync(session.Endpoint, failures, over.Token))).ToArray();

        var frames = await Task.WhenAll(Enumerable.Range(0, HostileClients).Select(number => Task.Factory.StartNew(
            () => Attack(session.Endpoint, seed + number, framesEach), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)));
        await over.CancelAsync();
        var leases = await Task.WhenAll(honest);

        TestContext.Current.TestOutputHelper?.WriteLine($"{frames.Sum()} frames, {leases.Sum()} honest leases of {slots.Granted}");
        Assert.True(failures.IsEmpty, $"seed {seed}: {string.Join("; ", failures.Take(5))}");
        Assert.Empty(session.Defects);
        Assert.Empty(slots.Mistakes);
        Assert.All(leases, count => Assert.InRange(count, 10, int.MaxValue));
        await Eventually.TrueAsync(() => Task.FromResult(session.Endpoint.Connections == 0));
        Assert.Equal(Slots, slots.Free);
        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - memoryBefore, long.MinValue, 8 * 1024 * 1024);
    }

    private static int Attack(LeaseEndpoint endpoint, int seed, int frames)
    {
        using var client = new HostileClient(endpoint.Path, endpoint.Token, seed);
        while (client.Frames < frames)
            client.Attack();
        return client.Frames;
    }

    /// <returns>How many leases it had.</returns>
    private static async Task<int> LeaseUntilAsync(LeaseEndpoint endpoint, ConcurrentQueue<string> failures, CancellationToken over)
    {
        var leases = 0;
        while (!over.IsCancellationRequested)
        {
            try
            {
                using var test = await FakeTest.ConnectAsync(endpoint);
                await test.AskAsync(new LeaseRequest(1, endpoint.Token, LeaseKind.Schema, LeaseContent.Empty, "honest"));
                var reply = await test.ReadReplyAsync();
                if (reply?.Grant is null)
                    failures.Enqueue($"lease {leases} was answered with {reply}");
                await test.ReleaseAsync();
                leases++;
            }
            catch (Exception exception)
            {
                // Any of them is a lease that was lost.
                failures.Enqueue($"lease {leases}: {exception}");
                return leases;
            }
        }

        return leases;
    }

    private static int Number(string variable, int otherwise)
        => int.TryParse(Environment.GetEnvironmentVariable(variable), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : otherwise;
}
