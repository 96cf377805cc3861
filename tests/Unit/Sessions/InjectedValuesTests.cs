using System.Diagnostics;
using Npgsql;
using SchemaIsolation.Keeper.Configuration;
using SchemaIsolation.Keeper.Sessions;

namespace SchemaIsolation.Tests.Unit.Sessions;

public sealed class InjectedValuesTests
{
    private static readonly InjectedVariable[] OneOfEach = [.. Enum.GetValues<VariableFormat>().Select(format => new InjectedVariable(format.ToString(), format))];

    [Fact]
    public void Each_format_says_its_part_of_the_database()
    {
        var database = new NpgsqlConnectionStringBuilder("Host=/socket;Port=6000;Username=tester;Password=\"p;w\";Database=si_d_0a1b2c3d_1;Maximum Pool Size=7;Options=\"-c role=app\"");

        var values = InjectedValues.Of(OneOfEach, database);

        Assert.Equal(
            [
                "Keywords: Host=/socket;Port=6000;Username=tester;Password=\"p;w\";Database=si_d_0a1b2c3d_1;Maximum Pool Size=7;Options=\"-c role=app\"",
                "Url: postgres://tester:p%3Bw@/si_d_0a1b2c3d_1?host=%2Fsocket&port=6000&options=-c%20role%3Dapp",
                "Host: /socket",
                "Port: 6000",
                "Username: tester",
                "Password: p;w",
                "Database: si_d_0a1b2c3d_1",
                "Options: -c role=app",
            ],
            values.Select(value => $"{value.Key}: {value.Value}"));
    }

    [Fact]
    public void A_password_or_options_that_there_are_not_are_not_set()
    {
        var values = InjectedValues.Of(OneOfEach, new NpgsqlConnectionStringBuilder("Host=h;Username=tester;Database=d"));

        Assert.DoesNotContain(values, value => value.Key is "Password" or "Options" or "SslMode" or "SslRootCertificate" or "SslCertificate" or "SslKey" or "Passfile");
        Assert.Equal(6, values.Count);
    }

    [Fact]
    public async Task Nowhere_is_an_address_at_which_Npgsql_fails_at_once_with_the_code_and_without_a_retry()
    {
        var values = InjectedValues.Nowhere(OneOfEach, "SI1206");
        await using var db = NpgsqlDataSource.Create(values.Single(value => value.Key == "Keywords").Value);
        var start = Stopwatch.GetTimestamp();

        var exception = await Record.ExceptionAsync(async () => await db.OpenConnectionAsync());

        Assert.InRange(Stopwatch.GetElapsedTime(start), TimeSpan.Zero, TimeSpan.FromSeconds(2));
        Assert.NotNull(exception);
        Assert.Contains("SchemaIsolation-SI1206-the-database-of-this-run-could-not-be-made", exception.Message, StringComparison.Ordinal);
        Assert.False(exception is NpgsqlException { IsTransient: true });
    }

    [Fact]
    public void Nowhere_has_no_part_of_a_database_that_there_is()
    {
        var values = InjectedValues.Nowhere(OneOfEach, "SI1101").ToDictionary();

        Assert.StartsWith("/SchemaIsolation-SI1101-", values["Host"], StringComparison.Ordinal);
        Assert.StartsWith("postgres://SI1101@/SI1101?host=%2FSchemaIsolation-SI1101-", values["Url"], StringComparison.Ordinal);
        Assert.Equal("SI1101", values["Username"]);
        Assert.Equal("SI1101", values["Database"]);
        Assert.False(values.ContainsKey("Password"));
    }
}
