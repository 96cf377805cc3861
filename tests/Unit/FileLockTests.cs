using SchemaIsolation.Keeper;
using SchemaIsolation.Tests.Unit.Servers;

namespace SchemaIsolation.Tests.Unit;

[Collection(nameof(ProcessCollection))]
public sealed class FileLockTests : IDisposable
{
    private readonly string directory = Directory.CreateTempSubdirectory("si-lock-").FullName;

    private string LockFile => Path.Join(directory, "a.lock");

    public void Dispose() => Directory.Delete(directory, recursive: true);

    [Fact]
    public void A_lock_that_is_taken_is_not_taken_again()
    {
        using var taken = FileLock.TryTake(LockFile);

        using var again = FileLock.TryTake(LockFile);

        Assert.NotNull(taken);
        Assert.Null(again);
    }

    [Fact]
    public void A_lock_that_is_taken_is_not_shared()
    {
        using var taken = FileLock.TryTake(LockFile);

        using var share = FileLock.TryShare(LockFile);

        Assert.Null(share);
    }

    [Fact]
    public void A_lock_is_shared_by_many()
    {
        using var one = FileLock.TryShare(LockFile);

        using var other = FileLock.TryShare(LockFile);

        Assert.NotNull(one);
        Assert.NotNull(other);
    }

    [Fact]
    public void A_lock_that_is_shared_is_not_taken()
    {
        using var share = FileLock.TryShare(LockFile);

        using var taken = FileLock.TryTake(LockFile);

        Assert.Null(taken);
    }

    [Fact]
    public void A_lock_whose_holder_let_go_is_taken()
    {
        FileLock.TryTake(LockFile)!.Dispose();

        using var taken = FileLock.TryTake(LockFile);

        Assert.NotNull(taken);
    }

    [Fact]
    public void A_lock_is_taken_when_the_last_share_is_gone()
    {
        var one = FileLock.TryShare(LockFile)!;
        var other = FileLock.TryShare(LockFile)!;
        one.Dispose();
        other.Dispose();

        using var taken = FileLock.TryTake(LockFile);

        Assert.NotNull(taken);
    }

    [Fact]
    public async Task Waiting_for_a_lock_ends_when_it_is_free()
    {
        var held = FileLock.TryTake(LockFile)!;
        var waiting = FileLock.TakeAsync(LockFile, TimeSpan.FromMinutes(1), CancellationToken.None);
        held.Dispose();

        using var taken = await waiting;

        Assert.NotNull(taken);
    }

    [Fact]
    public async Task Waiting_for_a_lock_ends_with_nothing_when_the_time_limit_has_passed()
    {
        using var held = FileLock.TryTake(LockFile);

        using var taken = await FileLock.TakeAsync(LockFile, TimeSpan.Zero, CancellationToken.None);

        Assert.Null(taken);
    }

    [Fact]
    public async Task Waiting_for_a_lock_can_be_given_up()
    {
        using var held = FileLock.TryTake(LockFile);
        using var giveUp = new CancellationTokenSource();
        var waiting = FileLock.TakeAsync(LockFile, TimeSpan.FromMinutes(1), giveUp.Token);

        await giveUp.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
    }

    [Fact]
    public void A_directory_that_is_missing_is_not_somebody_elses_lock()
    {
        Assert.Throws<DirectoryNotFoundException>(() => FileLock.TryTake(Path.Join(directory, "nowhere", "a.lock")));
    }
}
