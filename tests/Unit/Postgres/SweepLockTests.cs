using SchemaIsolation.Keeper.Postgres;

namespace SchemaIsolation.Tests.Unit.Postgres;

public sealed class SweepLockTests
{
    // The published test vectors of FNV-1a: keepers of different versions meet in them.
    [Theory]
    [InlineData("", 0x811c9dc5)]
    [InlineData("a", 0xe40c292c)]
    [InlineData("foobar", 0xbf9cf968)]
    public void The_key_of_a_database_is_the_same_in_every_process(string database, uint key)
    {
        Assert.Equal(key, SweepLock.KeyOf(database));
    }
}
