using Npgsql;
using SchemaIsolation.Keeper.Reporting;
using SchemaIsolation.Testing;
using SchemaIsolation.Wire;
using Xunit;

namespace SchemaIsolation.Tests.PostgreSql.Sessions;

/// <summary>What a lease finds in a slot that another one has used.</summary>
public sealed class ReuseTests(TestServer server)
{
    private const string Table = "create table t (id int generated always as identity primary key, text text)";
    private const string Write = "insert into t (text) values ('mine')";
    private const string Read = "select count(*), min(text) from t";

    [Theory]
    [InlineData("Fenced", "Schema")]
    [InlineData("Fenced", "Database")]
    [InlineData("Warm", "Schema")]
    [InlineData("Warm", "Database")]
    [InlineData("Never", "Schema")]
    [InlineData("Never", "Database")]
    public async Task No_lease_finds_what_another_one_wrote(string reuse, string kind)
    {
        using var project = new ProjectDirectory().Migration("1.sql", Table).Seed("2.sql", "insert into t (text) values ('seed')");
        await using var session = RunningSession.Start(project.Configure(server.Address, ("Reuse", reuse)));
        var found = new List<string>();

        for (var i = 0; i < 10; i++)
        {
            await using var lease = await session.LeaseAsync(Enum.Parse<LeaseKind>(kind));
            found.Add(await Psql.RunAsync(lease.ConnectionString, Read, Write, "select max(id) from t"));
        }

        Assert.All(found, rows => Assert.Equal("1|seed, 2", rows));
        await session.AssertEndsWithNothingLeftAsync(server.Address);
    }

    [Theory]
    [InlineData("Fenced")]
    [InlineData("Warm")]
    public async Task Leases_one_after_the_other_share_a_few_slots(string reuse)
    {
        using var project = new ProjectDirectory().Migration("1.sql", Table);
        await using var session = RunningSession.Start(project.Configure(server.Address, ("Reuse", reuse)));

        for (var i = 0; i < 20; i++)
        {
            await using var lease = await session.LeaseAsync(LeaseKind.Database);
            await Psql.RunAsync(lease.ConnectionString, Write);
        }

        var report = await session.EndAsync();
        // Two for each lease at once, which are two while one is let go of and the next begins; and the one that was read to know what an unused one is like.
        Assert.InRange(report.Counts.Made, 2, 5);
        Assert.Empty(report.Retired);
    }

    [Fact]
    public async Task A_session_of_one_lease_makes_one_slot()
    {
        using var project = new ProjectDirectory().Migration("1.sql", Table);
        await using var session = RunningSession.Start(project.Configure(server.Address, ("Reuse", "Fenced")));
        await using var lease = await session.LeaseAsync();

        var report = await session.EndAsync();

        Assert.Equal(1, report.Counts.Made);
    }

    [Theory]
    [InlineData("Fenced", 3)]
    [InlineData("Warm", 3)]
    [InlineData("Never", 4)] // Batches of two.
    public async Task Slots_are_made_before_a_lease_asks_where_that_is_wanted(string reuse, int made)
    {
        using var project = new ProjectDirectory().Migration("1.sql", Table);
        await using var session = RunningSession.Start(project.Configure(server.Address, ("Reuse", reuse), ("MinSlots", "3")));
        await using var lease = await session.LeaseAsync();

        var report = await session.EndAsync();

        Assert.Equal(made, report.Counts.Made);
    }

    [Theory]
    [InlineData("Schema")]
    [InlineData("Database")]
    public async Task Code_that_goes_on_after_its_release_reaches_no_other_lease(string kind)
    {
        using var project = new ProjectDirectory().Migration("1.sql", Table);
        await using var session = RunningSession.Start(project.Configure(server.Address, ("Reuse", "Fenced")));
        var first = await session.LeaseAsync(Enum.Parse<LeaseKind>(kind));
        using var stopping = new CancellationTokenSource();
        var started = new TaskCompletionSource();
        var late = WriteUntilAsync(first.ConnectionString, started, stopping.Token);
        await started.Task;

        await first.DisposeAsync();
        var found = new List<string>();
        for (var i = 0; i < 20; i++)
        {
            await using var lease = await session.LeaseAsync(Enum.Parse<LeaseKind>(kind));
            found.Add(await Psql.RunAsync(lease.ConnectionString, Read));
        }

        await stopping.CancelAsync();
        await late;
        Assert.All(found, rows => Assert.Equal("0|", rows));
        await session.AssertEndsWithNothingLeftAsync(server.Address);
    }

    [Fact]
    public async Task A_warm_slot_in_which_a_pooled_connection_holds_an_advisory_lock_is_not_leased_again()
    {
        using var project = new ProjectDirectory().Migration("1.sql", Table);
        await using var session = RunningSession.Start(project.Configure(server.Address, ("Reuse", "Warm")));
        await using var source = await LockAsync(session);

        for (var i = 0; i < 6; i++)
        {
            await using var lease = await session.LeaseAsync();
            Assert.Equal("True, True", await Psql.RunAsync(lease.ConnectionString, "select pg_try_advisory_lock(42)", "select pg_advisory_unlock(42)"));
        }

        var retired = Assert.Single((await session.EndAsync()).Retired);
        Assert.Equal(("locks", "it went on after its release, with: an advisory lock that a connection still holds"), (retired.Test, retired.Reason));

        static async Task<NpgsqlDataSource> LockAsync(RunningSession session)
        {
            await using var lease = await session.LeaseAsync(test: "locks");
            var source = NpgsqlDataSource.Create(lease.ConnectionString);
            await using var first = await source.OpenConnectionAsync();
            await using var second = await source.OpenConnectionAsync();
            await Psql.RunAsync(second, "select pg_advisory_lock(42)");
            return source;
        }
    }

    [Theory]
    [InlineData("Fenced")]
    [InlineData("Warm")]
    public async Task Work_that_ends_soon_after_its_release_loses_no_slot(string reuse)
    {
        using var project = new ProjectDirectory().Migration("1.sql", Table);
        await using var session = RunningSession.Start(project.Configure(server.Address, ("Reuse", reuse), ("LeaseTimeout", "00:00:20")));
        foreach (var delay in (int[])[15, 25, 35, 45, 60, 80, 15, 25, 35, 45, 60, 80])
        {
            var lease = await session.LeaseAsync();
            var connection = new NpgsqlConnection(lease.ConnectionString);
            await connection.OpenAsync();
            await Psql.RunAsync(connection, "begin", Write);
            var late = EndAsync(connection, TimeSpan.FromMilliseconds(delay));
            await lease.DisposeAsync();
            await late;
        }

        var report = await session.EndAsync();

        Assert.Equal(0, report.Counts.Left);
        Assert.DoesNotContain(report.Log, entry => entry.Level == LogLevel.Error || entry.Message.Contains("SI3003", StringComparison.Ordinal));

        static async Task EndAsync(NpgsqlConnection connection, TimeSpan delay)
        {
            await Task.Delay(delay);
            try
            {
                await Psql.RunAsync(connection, "commit");
            }
            catch (NpgsqlException)
            {
                // Its lease's connections have been ended.
            }

            await connection.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_pool_keeps_its_connection_from_lease_to_lease_in_a_warm_slot()
    {
        using var project = new ProjectDirectory().Migration("1.sql", Table);
        await using var session = RunningSession.Start(project.Configure(server.Address, ("Reuse", "Warm"), ("MaxSlots", "2")));
        var backends = new List<(string Database, string Backend)>();

        for (var i = 0; i < 30; i++)
        {
            await using var lease = await session.LeaseAsync();
            await using var connection = new NpgsqlConnection(lease.ConnectionString);
            await connection.OpenAsync();
            backends.Add((lease.Database, await Psql.RunAsync(connection, "select pg_backend_pid()", Write)));
        }

        var slots = backends.ToLookup(lease => lease.Database, lease => lease.Backend, StringComparer.Ordinal);
        Assert.InRange(slots.Count, 1, backends.Count / 2);
        Assert.All(slots, slot => Assert.Single(slot.Distinct(StringComparer.Ordinal)));
        Assert.Empty((await session.EndAsync()).Retired);
    }

    [Fact]
    public async Task A_warm_slot_whose_test_goes_on_is_retired_and_the_test_named()
    {
        using var project = new ProjectDirectory().Migration("1.sql", Table);
        await using var session = RunningSession.Start(project.Configure(server.Address, ("Reuse", "Warm")));
        var lease = await session.LeaseAsync(test: "Tests.Forgets");
        await using var late = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(lease.ConnectionString) { Pooling = false }.ConnectionString);
        await late.OpenAsync();
        await Psql.RunAsync(late, "begin", Write);

        await lease.DisposeAsync();
        await using var next = await session.LeaseAsync();
        var found = await Psql.RunAsync(next.ConnectionString, Read);

        Assert.Equal("0|", found);
        var retired = Assert.Single((await session.EndAsync()).Retired);
        Assert.Equal("Tests.Forgets", retired.Test);
    }

    [Fact]
    public async Task A_test_that_changes_a_definition_is_named_with_it_and_the_next_lease_does_not_see_it()
    {
        using var project = new ProjectDirectory().Migration("1.sql", Table);
        await using var session = RunningSession.Start(project.Configure(server.Address, ("Reuse", "Fenced")));
        var lease = await session.LeaseAsync(test: "Tests.Alters");
        await Psql.RunAsync(lease.ConnectionString, "alter table t add column n int");

        await lease.DisposeAsync();
        var columns = new List<string>();
        for (var i = 0; i < 4; i++)
        {
            await using var next = await session.LeaseAsync();
            columns.Add(await Psql.RunAsync(next.ConnectionString, "select count(*) from information_schema.columns where table_name = 't'"));
        }

        Assert.Equal(["2", "2", "2", "2"], columns);

        var retired = Assert.Single((await session.EndAsync()).Retired);
        Assert.Equal("Tests.Alters", retired.Test);
        Assert.Contains("table test_1.t", retired.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Fenced")]
    [InlineData("Warm")]
    public async Task Sixteen_at_once_never_meet(string reuse)
    {
        using var project = new ProjectDirectory().Migration("1.sql", Table);
        await using var session = RunningSession.Start(project.Configure(server.Address, ("Reuse", reuse)));

        await Task.WhenAll(Enumerable.Range(0, 16).Select(worker => Task.Run(async () =>
        {
            for (var i = 0; i < 10; i++)
            {
                await using var lease = await session.LeaseAsync(worker % 2 == 0 ? LeaseKind.Schema : LeaseKind.Database);
                Assert.Equal("0|", await Psql.RunAsync(lease.ConnectionString, Read));
                Assert.Equal("1|mine", await Psql.RunAsync(lease.ConnectionString, Write, Read));
            }
        })));

        await session.AssertEndsWithNothingLeftAsync(server.Address);
    }

    [Fact]
    [Trait("Run", "All")]
    public async Task Five_thousand_leases_of_a_process_that_clears_no_pool_leave_it_its_file_handles()
    {
        using var project = new ProjectDirectory().Migration("1.sql", Table);
        await using var session = RunningSession.Start(project.Configure(server.Address, ("Reuse", "Fenced")));
        var leased = 0;
        var mostHandles = 0;

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
        {
            while (Interlocked.Increment(ref leased) <= 5000)
            {
                await using var lease = await session.LeaseAsync();
                await using (var connection = new NpgsqlConnection(lease.ConnectionString))
                {
                    await connection.OpenAsync();
                    await using var command = new NpgsqlCommand(Write, connection);
                    await command.ExecuteNonQueryAsync();
                }

                mostHandles = Math.Max(mostHandles, Directory.GetFiles("/proc/self/fd").Length);
            }
        })));

        Assert.InRange(mostHandles, 1, 1024);
        await session.AssertEndsWithNothingLeftAsync(server.Address);
    }

    private static async Task WriteUntilAsync(string connectionString, TaskCompletionSource started, CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                await Psql.RunAsync(connectionString, Write);
                started.TrySetResult();
            }
            catch (NpgsqlException)
            {
                // Its lease is over.
            }
        }
    }
}
