using Npgsql;

namespace Library.Tests;

/// <summary>Another class that shares the <see cref="Catalogue"/>.</summary>
[TestClass]
public sealed class CatalogueTests
{
    [TestMethod]
    public async Task Every_book_is_available_at_first()
    {
        await using var connection = await Catalogue.OpenAsync();

        Assert.AreSequenceEqual(["Emma", "Middlemarch", "Persuasion"], await new Books(connection).ListAvailableAsync());
    }

    [TestMethod]
    public async Task Who_writes_to_what_all_share_is_refused()
    {
        await using var connection = await Catalogue.OpenAsync();

        var exception = await Assert.ThrowsExactlyAsync<PostgresException>(() => new Books(connection).LendAsync("Emma", "Ada"));

        Assert.AreEqual(PostgresErrorCodes.ReadOnlySqlTransaction, exception.SqlState);
    }
}
