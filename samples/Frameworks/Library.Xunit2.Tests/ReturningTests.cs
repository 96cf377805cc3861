using SchemaIsolation;
using Xunit.Abstractions;

namespace Library.Tests;

/// <summary>A lease for the class, and a transaction for each test.</summary>
public sealed class ReturningTests(ReturningFixture fixture, ITestOutputHelper output) : IClassFixture<ReturningFixture>, IAsyncLifetime
{
    private TestTransaction transaction = null!;

    public async Task InitializeAsync()
        => transaction = await TestTransaction.BeginAsync(fixture.CreateConnection(), testName: CurrentTest.Name(output));

    // What it throws stands beside what the test threw.
    public async Task DisposeAsync() => await transaction.DisposeAsync();

    [Fact]
    public async Task A_returned_book_is_available()
    {
        var books = new Books(transaction.Connection);

        await books.ReturnAsync("Emma");

        Assert.Equal(["Emma", "Middlemarch", "Persuasion"], await books.ListAvailableAsync());
    }

    [Fact]
    public async Task A_book_is_returned_once()
    {
        var books = new Books(transaction.Connection);

        Assert.True(await books.ReturnAsync("Emma"));
        Assert.False(await books.ReturnAsync("Emma"));
    }
}
