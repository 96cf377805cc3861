using System.Net.Sockets;
using Npgsql;
using SchemaIsolation.Wire;

namespace SchemaIsolation.Tests.Unit.Abstractions;

public sealed class HeldLeasesTests
{
    [Theory]
    [InlineData("Host=h;Database=si_d_00000002_1;Search Path=test_1")]
    [InlineData("Host=h;Database=si_d_00000002_1;Search Path=test_1,public")]
    [InlineData("Host=h;Database=si_d_00000002_1;SearchPath=app, test_1")]
    [InlineData("Host=h;Database=si_d_00000002_1;Search Path='\"test_1\"'")]
    [InlineData("Host=h;db=si_d_00000002_1;Search Path=test_1;Username=ada;Password='a;b'")]
    public async Task A_connection_leads_into_the_schema_that_its_search_path_names(string connectionString)
    {
        await using var lease = Held("test_1", "si_d_00000002_1");
        await using var connection = new NpgsqlConnection(connectionString);

        Assert.Same(lease, HeldLeases.Find(connection));
    }

    [Theory]
    [InlineData("Host=h;Database=si_d_00000003_1")]
    [InlineData("Host=h;Database=si_d_00000003_1;Search Path=test_11")]
    [InlineData("Host=h;Database=si_d_00000003_2;Search Path=test_1")]
    [InlineData("Host=h")]
    public async Task A_connection_that_names_another_database_or_schema_leads_elsewhere(string connectionString)
    {
        await using var lease = Held("test_1", "si_d_00000003_1");
        await using var connection = new NpgsqlConnection(connectionString);

        Assert.Null(HeldLeases.Find(connection));
    }

    [Theory]
    [InlineData("Host=h;Database=si_d_00000004_1")]
    [InlineData("Host=h;Database=si_d_00000004_1;Search Path=app")]
    public async Task Every_connection_to_a_leased_database_leads_into_the_lease(string connectionString)
    {
        await using var lease = Held("si_d_00000004_1", "si_d_00000004_1");
        await using var connection = new NpgsqlConnection(connectionString);

        Assert.Same(lease, HeldLeases.Find(connection));
    }

    [Fact]
    public async Task Of_two_schemas_of_a_database_a_connection_leads_into_its_own()
    {
        await using var one = Held("test_1", "si_s_00000005_0");
        await using var other = Held("test_2", "si_s_00000005_0");
        await using var connection = new NpgsqlConnection("Host=h;Database=si_s_00000005_0;Search Path=test_2,public");

        Assert.Same(other, HeldLeases.Find(connection));
    }

    [Fact]
    public async Task A_connection_leads_into_no_lease_that_was_released()
    {
        var lease = Held("test_1", "si_d_00000006_1");
        await lease.DisposeAsync();
        await using var connection = new NpgsqlConnection("Host=h;Database=si_d_00000006_1;Search Path=test_1");

        Assert.Null(HeldLeases.Find(connection));
    }

    // Its keeper is nobody: a release that cannot be told is none of the test's business.
    private static Lease Held(string name, string database)
        => new(new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified), new LeaseGrant(name, database, "Host=h", "/tmp/1"));
}
