using Npgsql;
using SchemaIsolation;
using Xunit.Abstractions;

namespace Library.Tests;

/// <summary>A lease for each test.</summary>
public sealed class LendingTests(ITestOutputHelper output) : IAsyncLifetime
{
    // xUnit calls InitializeAsync before the test, and DisposeAsync only if that succeeded.
    private Lease schema = null!;
    private NpgsqlDataSource dataSource = null!;

    public async Task InitializeAsync()
    {
        schema = await IsolatedSchema.LeaseAsync(testName: CurrentTest.Name(output));
        dataSource = NpgsqlDataSource.Create(schema.ConnectionString);
    }

    public async Task DisposeAsync()
    {
        await dataSource.DisposeAsync();
        await schema.DisposeAsync();
    }

    [Fact]
    public async Task A_lent_book_is_not_available()
    {
        await using var connection = await dataSource.OpenConnectionAsync();
        var books = new Books(connection);

        await books.LendAsync("Emma", "Ada");

        Assert.Equal(["Middlemarch", "Persuasion"], await books.ListAvailableAsync());
    }

    [Fact]
    public async Task A_book_is_lent_to_one_reader_at_a_time()
    {
        await using var connection = await dataSource.OpenConnectionAsync();
        var books = new Books(connection);

        Assert.True(await books.LendAsync("Emma", "Ada"));
        Assert.False(await books.LendAsync("Emma", "Bob"));
    }
}
