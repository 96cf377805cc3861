using Npgsql;

namespace Library.Tests;

/// <summary>Another class that shares the <see cref="Catalogue"/>.</summary>
public sealed class CatalogueTests(Catalogue catalogue)
{
    [Fact]
    public async Task Every_book_is_available_at_first()
    {
        await using var connection = await catalogue.OpenAsync(TestContext.Current.CancellationToken);

        var titles = await new Books(connection).ListAvailableAsync(TestContext.Current.CancellationToken);

        Assert.Equal(["Emma", "Middlemarch", "Persuasion"], titles);
    }

    [Fact]
    public async Task Who_writes_to_what_all_share_is_refused()
    {
        await using var connection = await catalogue.OpenAsync(TestContext.Current.CancellationToken);

        var exception = await Assert.ThrowsAsync<PostgresException>(
            () => new Books(connection).LendAsync("Emma", "Ada", TestContext.Current.CancellationToken));

        Assert.Equal(PostgresErrorCodes.ReadOnlySqlTransaction, exception.SqlState);
    }
}
