using Npgsql;
using SchemaIsolation;

namespace Library.Tests;

/// <summary>A lease for each test.</summary>
public sealed class LendingTests : IAsyncLifetime
{
    // xUnit calls InitializeAsync before the test, and DisposeAsync only if that succeeded.
    private Lease schema = null!;
    private NpgsqlDataSource dataSource = null!;

    public async ValueTask InitializeAsync()
    {
        schema = await IsolatedSchema.LeaseAsync(
            testName: TestContext.Current.TestMethod!.MethodName, cancellationToken: TestContext.Current.CancellationToken);
        dataSource = NpgsqlDataSource.Create(schema.ConnectionString);
    }

    public async ValueTask DisposeAsync()
    {
        await dataSource.DisposeAsync();
        await schema.DisposeAsync();
    }

    [Fact]
    public async Task A_lent_book_is_not_available()
    {
        await using var connection = await dataSource.OpenConnectionAsync(TestContext.Current.CancellationToken);
        var books = new Books(connection);

        await books.LendAsync("Emma", "Ada", TestContext.Current.CancellationToken);

        Assert.Equal(["Middlemarch", "Persuasion"], await books.ListAvailableAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_book_is_lent_to_one_reader_at_a_time()
    {
        await using var connection = await dataSource.OpenConnectionAsync(TestContext.Current.CancellationToken);
        var books = new Books(connection);

        Assert.True(await books.LendAsync("Emma", "Ada", TestContext.Current.CancellationToken));
        Assert.False(await books.LendAsync("Emma", "Bob", TestContext.Current.CancellationToken));
    }
}
