using SchemaIsolation;

namespace Library.Tests;

/// <summary>A lease for the class, and a transaction for each test.</summary>
public sealed class ReturningTests(ReturningFixture fixture) : IClassFixture<ReturningFixture>, IAsyncLifetime
{
    private TestTransaction transaction = null!;

    public async ValueTask InitializeAsync()
        => transaction = await TestTransaction.BeginAsync(fixture.CreateConnection(), testName: TestContext.Current.TestMethod!.MethodName);

    // What it throws stands beside what the test threw.
    public async ValueTask DisposeAsync() => await transaction.DisposeAsync();

    [Fact]
    public async Task A_returned_book_is_available()
    {
        var books = new Books(transaction.Connection);

        await books.ReturnAsync("Emma", TestContext.Current.CancellationToken);

        Assert.Equal(["Emma", "Middlemarch", "Persuasion"], await books.ListAvailableAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_book_is_returned_once()
    {
        var books = new Books(transaction.Connection);

        Assert.True(await books.ReturnAsync("Emma", TestContext.Current.CancellationToken));
        Assert.False(await books.ReturnAsync("Emma", TestContext.Current.CancellationToken));
    }
}
