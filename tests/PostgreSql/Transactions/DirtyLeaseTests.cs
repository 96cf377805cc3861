using Npgsql;
using SchemaIsolation.Testing;
using SchemaIsolation.Tests.PostgreSql.Sessions;
using SchemaIsolation.Wire;

namespace SchemaIsolation.Tests.PostgreSql.Transactions;

/// <summary>A class's lease in which the code under one test has committed is no place for its other tests.</summary>
public sealed class DirtyLeaseTests(TestServer server)
{
    [Theory]
    [InlineData("Schema")]
    [InlineData("Database")]
    public async Task A_dirty_lease_is_refused_with_the_test_that_committed(string kind)
    {
        using var project = new ProjectDirectory().Migration("1.sql", "create table t (n int)");
        await using var session = RunningSession.Start(project.Configure(server.Address));
        await using var lease = (await session.LeaseAsync(Enum.Parse<LeaseKind>(kind))).ToLease();
        await using var connection = await OpenAsync(lease);
        var exception = await CommitAsync(connection, "Commits");

        var refusal = await Assert.ThrowsAsync<SchemaIsolationException>(() => TestTransaction.BeginAsync(connection));

        Assert.Equal("SI2009", exception.Code);
        Assert.Contains($"No other TestTransaction begins in the lease of \"{lease.Slot}\".", exception.Reason, StringComparison.Ordinal);
        Assert.Equal("SI2010", refusal.Code);
        Assert.Equal(
            $"The lease of \"{lease.Slot}\" is dirty: the code under test of \"DirtyLeaseTests.Commits\" ended the transaction of its test, so what that test wrote may have stayed here. Correct that test first, or give it a lease of its own.",
            refusal.Reason);
    }

    [Fact]
    public async Task A_dirty_lease_is_refused_on_every_connection_and_no_other_lease_is()
    {
        using var project = new ProjectDirectory().Migration("1.sql", "create table t (n int)");
        await using var session = RunningSession.Start(project.Configure(server.Address));
        await using var lease = (await session.LeaseAsync()).ToLease();
        await using var other = (await session.LeaseAsync()).ToLease();
        await using var connection = await OpenAsync(lease);
        await CommitAsync(connection, "Commits");
        await using var second = new NpgsqlConnection(lease.ConnectionString);
        await using var elsewhere = await OpenAsync(other);

        await Assert.ThrowsAsync<SchemaIsolationException>(() => TestTransaction.BeginAsync(second));

        await using var transaction = await TestTransaction.BeginAsync(elsewhere);
        Assert.Equal(lease.Database, other.Database);
    }

    [Fact]
    public async Task The_report_names_the_test_that_dirtied_a_lease()
    {
        using var project = new ProjectDirectory().Migration("1.sql", "create table t (n int)");
        var session = RunningSession.Start(project.Configure(server.Address));
        var lease = (await session.LeaseAsync(test: "IssueTests")).ToLease();
        await using (var connection = await OpenAsync(lease))
            await CommitAsync(connection, "Commits");
        await lease.DisposeAsync();
        await using (var clean = (await session.LeaseAsync(test: "LabelTests")).ToLease())
        await using (var connection = await OpenAsync(clean))
        await using (await TestTransaction.BeginAsync(connection))
            await Psql.RunAsync(connection, "insert into t values (1)");

        var report = await session.EndAsync();

        Assert.Equal(lease.Slot, report.Leases[0].Slot);
        Assert.Equal(
            [("IssueTests", true, "DirtyLeaseTests.Commits"), ("LabelTests", true, null)],
            report.Leases.Select(entry => (entry.Test, entry.IsReleased, entry.DirtiedBy)));
    }

    [Fact]
    public async Task A_class_has_its_data_and_each_of_its_tests_finds_them_alike()
    {
        using var project = new ProjectDirectory().Migration("1.sql", "create table t (n int)");
        await using var session = RunningSession.Start(project.Configure(server.Address));
        await using var lease = (await session.LeaseAsync()).ToLease();
        await Psql.RunAsync(lease.ConnectionString, "insert into t values (1)");

        var seen = await Task.WhenAll(Enumerable.Range(2, 4).Select(async number =>
        {
            await using var connection = await OpenAsync(lease);
            await using var transaction = await TestTransaction.BeginAsync(connection);
            return await Psql.RunAsync(connection, $"insert into t values ({number})", "select n from t order by 1");
        }));

        Assert.Equal(["1, 2", "1, 3", "1, 4", "1, 5"], seen);
    }

    private static async Task<SchemaIsolationException> CommitAsync(NpgsqlConnection connection, string testName)
    {
        var transaction = await TestTransaction.BeginAsync(connection, testName: testName);
        await Psql.RunAsync(connection, "insert into t values (1)");
        await Psql.RunAsync(connection, "commit");
        return await Assert.ThrowsAsync<SchemaIsolationException>(async () => await transaction.DisposeAsync());
    }

    private static async Task<NpgsqlConnection> OpenAsync(Lease lease)
    {
        var connection = new NpgsqlConnection(lease.ConnectionString);
        await connection.OpenAsync();
        return connection;
    }
}
