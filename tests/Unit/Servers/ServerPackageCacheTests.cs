using SchemaIsolation.Keeper.Servers;

namespace SchemaIsolation.Tests.Unit.Servers;

[Collection(nameof(ProcessCollection))]
public sealed class ServerPackageCacheTests : IDisposable
{
    private readonly FakeInstallation machine = new();

    private string Root => machine.PathOf("cache");

    private string Copy => Path.Combine(Root, "programs", $"17.2.0-{ServerPlatform.Name}");

    [Fact]
    public async Task The_programs_are_copied_so_that_everybody_can_run_them()
    {
        var package = Pack();

        var binaries = await new ServerPackageCache(Root).EnsureAsync(package, CancellationToken.None);

        Assert.Equal(new ServerBinaries(Path.Combine(Copy, "bin"), 17) { Package = package }, binaries);
        Assert.Equal("17-package", binaries.DataName);
        const UnixFileMode Everybody = UnixFileMode.UserRead | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
        const UnixFileMode Runs = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
        Assert.Equal(Everybody | UnixFileMode.UserWrite | Runs, new FileInfo(binaries.PgCtl).UnixFileMode);
        Assert.Equal(Everybody | UnixFileMode.UserWrite, new FileInfo(Path.Combine(Copy, "share", "postgres.bki")).UnixFileMode);
        Assert.Equal(Everybody | UnixFileMode.UserWrite | Runs, new FileInfo(Copy).UnixFileMode);
    }

    [Fact]
    public async Task They_are_copied_once()
    {
        var package = Pack();
        await new ServerPackageCache(Root).EnsureAsync(package, CancellationToken.None);
        var first = File.GetCreationTimeUtc(Path.Combine(Copy, "bin", "postgres"));

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => new ServerPackageCache(Root).EnsureAsync(package, CancellationToken.None)));

        Assert.Equal(first, File.GetCreationTimeUtc(Path.Combine(Copy, "bin", "postgres")));
    }

    [Theory]
    [InlineData("share/postgres.bki", "")]
    [InlineData("share/postgres.bki", null)]
    public async Task A_copy_that_is_not_whole_is_made_anew(string file, string? content)
    {
        var package = Pack();
        await new ServerPackageCache(Root).EnsureAsync(package, CancellationToken.None);
        File.Delete(Path.Combine(Copy, file));
        if (content is not null)
            File.WriteAllText(Path.Combine(Copy, file), content);

        await new ServerPackageCache(Root).EnsureAsync(package, CancellationToken.None);

        Assert.Equal("catalogue", File.ReadAllText(Path.Combine(Copy, file)));
    }

    [Fact]
    public async Task What_another_left_half_copied_is_in_nobodys_way()
    {
        Directory.CreateDirectory(Copy + ".new");
        File.WriteAllText(Path.Combine(Copy + ".new", "stray"), "");

        await new ServerPackageCache(Root).EnsureAsync(Pack(), CancellationToken.None);

        Assert.False(File.Exists(Path.Combine(Copy, "stray")));
    }

    [Theory]
    [InlineData("echo \"postgres: /lib/libc.so.6: version \\`GLIBC_9.27' not found (required by postgres)\" >&2; exit 1", "it needs glibc 9.27 or newer")]
    [InlineData("echo 'error while loading shared libraries: libx.so.1: cannot open shared object file' >&2; exit 127", "something that it needs is missing")]
    public async Task Programs_that_do_not_run_here_are_refused_with_what_they_miss(string postgres, string why)
    {
        var package = Pack(postgres);

        var refusal = await Assert.ThrowsAsync<SchemaIsolationException>(() => new ServerPackageCache(Root).EnsureAsync(package, CancellationToken.None));

        Assert.Equal("SI1115", refusal.Code);
        Assert.StartsWith(
            $"The PostgreSQL of the package Some.Package 17.2.0 does not run on this machine: {why}. Install PostgreSQL and name its directory in ServerBinaries, or a running server in Server: ",
            refusal.Reason,
            StringComparison.Ordinal);
        Assert.False(Directory.Exists(Copy));
    }

    [Fact]
    public async Task A_cache_that_cannot_be_written_is_refused_with_a_code()
    {
        File.WriteAllText(Root, "");

        var refusal = await Assert.ThrowsAsync<SchemaIsolationException>(() => new ServerPackageCache(Root).EnsureAsync(Pack(), CancellationToken.None));

        Assert.Equal("SI1106", refusal.Code);
    }

    public void Dispose() => machine.Dispose();

    private ServerPackage Pack(string postgres = "echo 'postgres (PostgreSQL) 17.2'")
    {
        machine.AddScript("package/server/bin", postgres);
        Directory.CreateDirectory(machine.PathOf("package/server/share"));
        File.WriteAllText(machine.PathOf("package/server/share/postgres.bki"), "catalogue");
        return new ServerPackage("Some.Package", "17.2.0", machine.PathOf("package"));
    }
}
