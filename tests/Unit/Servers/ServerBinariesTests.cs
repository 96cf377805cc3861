using SchemaIsolation.Keeper.Servers;

namespace SchemaIsolation.Tests.Unit.Servers;

[Collection(nameof(ProcessCollection))]
public sealed class ServerBinariesTests
{
    [Fact]
    public async Task The_newest_of_several_is_taken()
    {
        using var machine = new FakeInstallation();
        machine.Add("lib/9/bin", "14.2");
        machine.Add("lib/17/bin", "17.1 (Debian 17.1-1.pgdg120+1)");
        machine.Add("lib/16/bin", "16.4");

        var binaries = await ServerBinaries.FindAsync([machine.PathOf("lib/*/bin")], [], version: null, CancellationToken.None);

        Assert.Equal(new ServerBinaries(machine.PathOf("lib/17/bin"), 17), binaries);
    }

    [Fact]
    public async Task The_path_is_looked_through_too()
    {
        using var machine = new FakeInstallation();
        machine.Add("lib/15/bin", "15.1");
        machine.Add("own", "18beta1");

        var binaries = await ServerBinaries.FindAsync([machine.PathOf("lib/*/bin")], [machine.PathOf("nowhere"), machine.PathOf("own")], version: null, CancellationToken.None);

        Assert.Equal(new ServerBinaries(machine.PathOf("own"), 18), binaries);
    }

    [Fact]
    public async Task A_place_comes_before_the_path()
    {
        using var machine = new FakeInstallation();
        machine.Add("own", "16.1");
        machine.Add("libexec/postgresql16", "16.1");

        var binaries = await ServerBinaries.FindAsync([machine.PathOf("libexec/postgresql*")], [machine.PathOf("own")], version: null, CancellationToken.None);

        Assert.Equal(machine.PathOf("libexec/postgresql16"), binaries.Directory);
    }

    [Fact]
    public async Task A_directory_that_lacks_a_program_is_passed_over()
    {
        using var machine = new FakeInstallation();
        machine.Add("15", "15.1");
        machine.Write("17", "postgres", "echo 'postgres (PostgreSQL) 17.1'");
        machine.Write("17", "initdb", "exit 0");

        var binaries = await ServerBinaries.FindAsync([], [machine.PathOf("17"), machine.PathOf("15")], version: null, CancellationToken.None);

        Assert.Equal(15, binaries.MajorVersion);
    }

    [Fact]
    public async Task Versions_that_are_too_old_or_too_new_are_passed_over()
    {
        using var machine = new FakeInstallation();
        machine.Add("13", "13.9");
        machine.Add("14", "14.9");
        machine.Add("19", "19devel");

        var binaries = await ServerBinaries.FindAsync([], [machine.PathOf("13"), machine.PathOf("14"), machine.PathOf("19")], version: null, CancellationToken.None);

        Assert.Equal(14, binaries.MajorVersion);
    }

    [Fact]
    public async Task Versions_that_are_too_old_or_too_new_are_named_when_there_is_no_other()
    {
        using var machine = new FakeInstallation();
        machine.Add("13", "13.9");
        machine.Add("19", "19devel");

        var refusal = await Assert.ThrowsAsync<SchemaIsolationException>(
            () => ServerBinaries.FindAsync(["/nowhere/*/bin"], [machine.PathOf("13"), machine.PathOf("19")], version: null, CancellationToken.None));

        Assert.Equal("SI1105", refusal.Code);
        Assert.Contains(
            $"Looked for initdb, pg_ctl and postgres in /nowhere/*/bin and PATH; found only 13 in {machine.PathOf("13")}, 19 in {machine.PathOf("19")}. ",
            refusal.Reason,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_any_the_places_are_listed()
    {
        var refusal = await Assert.ThrowsAsync<SchemaIsolationException>(
            () => ServerBinaries.FindAsync(["/nowhere/*/bin", "/nowhere/pgsql-*/bin"], [], version: null, CancellationToken.None));

        Assert.Equal("SI1105", refusal.Code);
        Assert.StartsWith(
            "No server is configured, the test project references no SchemaIsolation.PostgreSql that fits, and no PostgreSQL 14 to 18 was found on the machine. Looked for initdb, pg_ctl and postgres in /nowhere/*/bin, /nowhere/pgsql-*/bin and PATH. Add the programs to the project (\"dotnet add package SchemaIsolation.PostgreSql\"), ",
            refusal.Reason,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_version_that_is_asked_for_is_taken_before_a_newer_one()
    {
        using var machine = new FakeInstallation();
        machine.Add("17", "17.1");
        machine.Add("15", "15.2");

        var binaries = await ServerBinaries.FindAsync([], [machine.PathOf("17"), machine.PathOf("15")], version: 15, CancellationToken.None);

        Assert.Equal(15, binaries.MajorVersion);
    }

    [Fact]
    public async Task A_version_that_is_not_there_is_refused_with_those_that_are()
    {
        using var machine = new FakeInstallation();
        machine.Add("17", "17.1");

        var refusal = await Assert.ThrowsAsync<SchemaIsolationException>(
            () => ServerBinaries.FindAsync([], [machine.PathOf("17")], version: 16, CancellationToken.None));

        Assert.Equal("SI1105", refusal.Code);
        Assert.Contains("no PostgreSQL 16, as ServerVersion asks for, was found", refusal.Reason, StringComparison.Ordinal);
        Assert.Contains($"; found only 17 in {machine.PathOf("17")}.", refusal.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_named_directory_is_opened()
    {
        using var machine = new FakeInstallation();
        var directory = machine.Add("bin", "16.4 (Homebrew)");

        var binaries = await ServerBinaries.OpenAsync(directory, CancellationToken.None);

        Assert.Equal(16, binaries.MajorVersion);
        Assert.Equal(machine.PathOf("bin/initdb"), binaries.Initdb);
        Assert.Equal(machine.PathOf("bin/pg_ctl"), binaries.PgCtl);
    }

    [Fact]
    public async Task A_named_directory_without_the_programs_is_refused()
    {
        using var machine = new FakeInstallation();
        machine.Write("bin", "postgres", "exit 0");

        var refusal = await Assert.ThrowsAsync<SchemaIsolationException>(() => ServerBinaries.OpenAsync(machine.PathOf("bin"), CancellationToken.None));

        Assert.Equal("SI1105", refusal.Code);
        Assert.StartsWith($"\"{machine.PathOf("bin")}\" in ServerBinaries does not hold initdb, pg_ctl and postgres.", refusal.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_named_directory_whose_programs_fail_is_refused_with_what_they_say()
    {
        using var machine = new FakeInstallation();
        machine.AddScript("bin", "echo 'no libpq' >&2; exit 7");

        var refusal = await Assert.ThrowsAsync<SchemaIsolationException>(() => ServerBinaries.OpenAsync(machine.PathOf("bin"), CancellationToken.None));

        Assert.Equal("SI1106", refusal.Code);
        Assert.EndsWith("exit code 7: no libpq", refusal.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_installation_that_does_not_run_is_passed_over()
    {
        using var machine = new FakeInstallation();
        machine.Add("15", "15.1");
        machine.AddScript("17", "echo 'libpq.so.5: cannot open shared object file' >&2; exit 127");

        var binaries = await ServerBinaries.FindAsync([], [machine.PathOf("17"), machine.PathOf("15")], version: null, CancellationToken.None);

        Assert.Equal(15, binaries.MajorVersion);
    }
}
