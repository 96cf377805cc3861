using System.Diagnostics;
using System.Runtime.Versioning;
using SchemaIsolation.Keeper;
using SchemaIsolation.Keeper.Sessions;

namespace SchemaIsolation.Tests.Unit.Sessions;

[UnsupportedOSPlatform("windows")]
public sealed class LeftoverDirectoriesTests : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private readonly string temporary = Directory.CreateTempSubdirectory("si-unit-").FullName;

    [Fact]
    public void A_dead_keeper_s_directory_is_deleted_with_all_in_it()
    {
        var directory = Create("si-dead");
        Directory.CreateDirectory(Path.Combine(directory, "1", "written by a test"));

        var (deleted, failures) = LeftoverDirectories.Sweep(temporary, isDryRun: false);

        Assert.Equal([directory], deleted);
        Assert.Empty(failures);
        Assert.False(Directory.Exists(directory));
    }

    [Fact]
    public void A_dry_sweep_only_names_it()
    {
        var directory = Create("si-dead");

        var (deleted, _) = LeftoverDirectories.Sweep(temporary, isDryRun: true);

        Assert.Equal([directory], deleted);
        Assert.True(Directory.Exists(directory));
    }

    [Fact]
    public void A_living_keeper_s_directory_is_kept()
    {
        var directory = Create("si-alive");
        using var alive = FileLock.TryTake(Path.Combine(directory, "keeper.lock"));

        AssertKept(directory);
    }

    [Fact]
    public void A_directory_without_a_keeper_s_lock_is_kept()
    {
        var directory = Create("si-other");
        File.Delete(Path.Combine(directory, "keeper.lock"));

        AssertKept(directory);
    }

    [Fact]
    public void A_directory_with_another_name_is_kept() => AssertKept(Create("other-si"));

    [Fact]
    public void A_directory_that_others_may_enter_is_kept()
    {
        var directory = Create("si-open");
        File.SetUnixFileMode(directory, OwnerOnly | UnixFileMode.OtherExecute);

        AssertKept(directory);
    }

    [Fact]
    public void A_directory_of_another_user_is_kept_from_root_too()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "Only root can make one.");
        var directory = Create("si-nobody");
        using (var chown = Process.Start("chown", ["-R", "nobody", directory]))
            chown.WaitForExit();

        AssertKept(directory);
    }

    [Fact]
    public void A_link_to_a_directory_is_kept()
    {
        var directory = Create("target");
        Directory.CreateSymbolicLink(Path.Combine(temporary, "si-link"), directory);

        AssertKept(directory);
    }

    public void Dispose() => Directory.Delete(temporary, recursive: true);

    private string Create(string name)
    {
        var directory = Directory.CreateDirectory(Path.Combine(temporary, name), OwnerOnly).FullName;
        File.WriteAllText(Path.Combine(directory, "keeper.lock"), string.Empty);
        return directory;
    }

    private void AssertKept(string directory)
    {
        var (deleted, failures) = LeftoverDirectories.Sweep(temporary, isDryRun: false);

        Assert.Empty(deleted);
        Assert.Empty(failures);
        Assert.True(Directory.Exists(directory));
    }
}
