using SchemaIsolation.Keeper.Postgres;
using SchemaIsolation.Testing;

namespace SchemaIsolation.Tests.Unit.Postgres;

public sealed class ServerPasswordTests
{
    private static readonly TimeSpan Never = TimeSpan.FromHours(1);

    [Fact]
    public async Task It_is_asked_for_again_before_it_is_too_old()
    {
        var asked = 0;

        await using var password = await ServerPassword.StartAsync(_ => Task.FromResult(++asked < 3 ? "first" : "third"), TimeSpan.FromMilliseconds(20), CancellationToken.None);

        await Eventually.TrueAsync(() => Task.FromResult(password.Current == "third"));
    }

    [Fact]
    public async Task While_there_is_no_other_the_old_one_stays()
    {
        var asked = 0;

        await using var password = await ServerPassword.StartAsync(
            _ => ++asked == 1 ? Task.FromResult("old") : throw new SchemaIsolationException("SI1122", "There is none."), TimeSpan.FromMilliseconds(20), CancellationToken.None);

        await Eventually.TrueAsync(() => Task.FromResult(asked == 2));
        Assert.Equal("old", password.Current);
    }

    [Fact]
    public async Task One_that_was_refused_before_is_not_asked_for_again()
    {
        var asked = 0;
        await using var password = await ServerPassword.StartAsync(_ => Task.FromResult($"password {++asked}"), Never, CancellationToken.None);

        var isNew = await password.TryRenewAsync("password 0", CancellationToken.None);

        Assert.True(isNew);
        Assert.Equal(1, asked);
    }
}
