namespace Library.Tests;

/// <summary>One of the classes that share the <see cref="Catalogue"/>.</summary>
[TestClass]
public sealed class AuthorTests
{
    [TestMethod]
    public async Task The_books_of_an_author_are_listed_by_title()
    {
        await using var connection = await Catalogue.OpenAsync();

        Assert.AreSequenceEqual(["Emma", "Persuasion"], await new Books(connection).ListByAsync("Austen"));
    }

    [TestMethod]
    public async Task An_unknown_author_has_no_books()
    {
        await using var connection = await Catalogue.OpenAsync();

        Assert.IsEmpty(await new Books(connection).ListByAsync("Nobody"));
    }
}
