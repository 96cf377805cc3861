using Npgsql;

namespace Library.Tests;

/// <summary>Another class that shares the <see cref="Catalogue"/>.</summary>
public sealed class CatalogueTests
{
    [Test]
    public async Task Every_book_is_available_at_first()
    {
        await using var connection = await Catalogue.OpenAsync();

        Assert.That(await new Books(connection).ListAvailableAsync(), Is.EqualTo(["Emma", "Middlemarch", "Persuasion"]));
    }

    [Test]
    public async Task Who_writes_to_what_all_share_is_refused()
    {
        await using var connection = await Catalogue.OpenAsync();

        await Assert.ThatAsync(
            () => new Books(connection).LendAsync("Emma", "Ada"),
            Throws.TypeOf<PostgresException>().With.Property("SqlState").EqualTo(PostgresErrorCodes.ReadOnlySqlTransaction));
    }
}
