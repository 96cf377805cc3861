namespace Library.Tests;

/// <summary>One of the classes that share the <see cref="Catalogue"/>.</summary>
public sealed class AuthorTests
{
    [Test]
    public async Task The_books_of_an_author_are_listed_by_title()
    {
        await using var connection = await Catalogue.OpenAsync();

        Assert.That(await new Books(connection).ListByAsync("Austen"), Is.EqualTo(["Emma", "Persuasion"]));
    }

    [Test]
    public async Task An_unknown_author_has_no_books()
    {
        await using var connection = await Catalogue.OpenAsync();

        Assert.That(await new Books(connection).ListByAsync("Nobody"), Is.Empty);
    }
}
