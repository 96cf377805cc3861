using SchemaIsolation.Keeper.Servers;
using SchemaIsolation.Testing;
using Xunit;

namespace SchemaIsolation.Tests.PostgreSql.Servers;

public sealed class ServerBinariesTests
{
    [Fact]
    public async Task The_installation_that_was_found_says_its_version()
    {
        var found = await ServerBinaries.FindAsync(version: null, CancellationToken.None);

        var opened = await ServerBinaries.OpenAsync(found.Directory, CancellationToken.None);

        Assert.Equal(found, opened);
        Assert.InRange(opened.MajorVersion, 14, 18);
    }

    [Fact]
    public async Task A_directory_without_programs_is_refused()
    {
        var directory = ReachableDirectory.Create();

        var exception = await Assert.ThrowsAsync<SchemaIsolationException>(() => ServerBinaries.OpenAsync(directory, CancellationToken.None));

        Assert.Equal("SI1105", exception.Code);
        Assert.StartsWith($"\"{directory}\" in ServerBinaries does not hold initdb, pg_ctl and postgres.", exception.Reason, StringComparison.Ordinal);
        Directory.Delete(directory);
    }

    [Fact]
    public async Task A_machine_without_installation_is_told_where_was_looked_and_the_ways_out()
    {
        var exception = await Assert.ThrowsAsync<SchemaIsolationException>(
            () => ServerBinaries.FindAsync(["/nowhere/postgresql/*/bin"], ["/nowhere/bin"], version: null, CancellationToken.None));

        Assert.Equal("SI1105", exception.Code);
        Assert.Contains("Looked for initdb, pg_ctl and postgres in /nowhere/postgresql/*/bin and PATH.", exception.Reason, StringComparison.Ordinal);
        Assert.Contains("name their directory in ServerBinaries, or a running server in Server (\"docker run ", exception.Reason, StringComparison.Ordinal);
    }
}
