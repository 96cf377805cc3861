using Npgsql;

namespace Library.Tests;

/// <summary>Another class that shares the <see cref="Catalogue"/>.</summary>
[Collection(nameof(Catalogue))]
public sealed class CatalogueTests(Catalogue catalogue)
{
    [Fact]
    public async Task Every_book_is_available_at_first()
    {
        await using var connection = await catalogue.OpenAsync();

        Assert.Equal(["Emma", "Middlemarch", "Persuasion"], await new Books(connection).ListAvailableAsync());
    }

    [Fact]
    public async Task Who_writes_to_what_all_share_is_refused()
    {
        await using var connection = await catalogue.OpenAsync();

        var exception = await Assert.ThrowsAsync<PostgresException>(() => new Books(connection).LendAsync("Emma", "Ada"));

        Assert.Equal(PostgresErrorCodes.ReadOnlySqlTransaction, exception.SqlState);
    }
}
