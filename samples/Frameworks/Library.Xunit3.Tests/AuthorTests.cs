namespace Library.Tests;

/// <summary>One of the classes that share the <see cref="Catalogue"/>.</summary>
public sealed class AuthorTests(Catalogue catalogue)
{
    [Fact]
    public async Task The_books_of_an_author_are_listed_by_title()
    {
        await using var connection = await catalogue.OpenAsync(TestContext.Current.CancellationToken);

        Assert.Equal(["Emma", "Persuasion"], await new Books(connection).ListByAsync("Austen", TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task An_unknown_author_has_no_books()
    {
        await using var connection = await catalogue.OpenAsync(TestContext.Current.CancellationToken);

        Assert.Empty(await new Books(connection).ListByAsync("Nobody", TestContext.Current.CancellationToken));
    }
}
