using Npgsql;
using SchemaIsolation;

namespace Library.Tests;

/// <summary>A lease for each test.</summary>
public sealed class LendingTests
{
    private Lease schema = null!;
    private NpgsqlDataSource dataSource = null!;

    [SetUp]
    public async Task LeaseAsync()
    {
        schema = await IsolatedSchema.LeaseAsync(testName: TestContext.CurrentContext.Test.Name);
        dataSource = NpgsqlDataSource.Create(schema.ConnectionString);
    }

    // NUnit calls it after a refused lease too.
    [TearDown]
    public async Task ReleaseAsync()
    {
        if (dataSource is not null)
            await dataSource.DisposeAsync();
        if (schema is not null)
            await schema.DisposeAsync();
    }

    [Test]
    public async Task A_lent_book_is_not_available()
    {
        await using var connection = await dataSource.OpenConnectionAsync();
        var books = new Books(connection);

        await books.LendAsync("Emma", "Ada");

        Assert.That(await books.ListAvailableAsync(), Is.EqualTo(["Middlemarch", "Persuasion"]));
    }

    [Test]
    public async Task A_book_is_lent_to_one_reader_at_a_time()
    {
        await using var connection = await dataSource.OpenConnectionAsync();
        var books = new Books(connection);

        Assert.That(await books.LendAsync("Emma", "Ada"), Is.True);
        Assert.That(await books.LendAsync("Emma", "Bob"), Is.False);
    }
}
