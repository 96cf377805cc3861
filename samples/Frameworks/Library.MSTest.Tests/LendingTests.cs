using Npgsql;
using SchemaIsolation;

namespace Library.Tests;

/// <summary>A lease for each test.</summary>
[TestClass]
public sealed class LendingTests(TestContext context)
{
    private Lease schema = null!;
    private NpgsqlDataSource dataSource = null!;

    [TestInitialize]
    public async Task LeaseAsync()
    {
        schema = await IsolatedSchema.LeaseAsync(testName: context.TestName!);
        dataSource = NpgsqlDataSource.Create(schema.ConnectionString);
    }

    // MSTest calls it after a refused lease too.
    [TestCleanup]
    public async Task ReleaseAsync()
    {
        if (dataSource is not null)
            await dataSource.DisposeAsync();
        if (schema is not null)
            await schema.DisposeAsync();
    }

    [TestMethod]
    public async Task A_lent_book_is_not_available()
    {
        await using var connection = await dataSource.OpenConnectionAsync();
        var books = new Books(connection);

        await books.LendAsync("Emma", "Ada");

        Assert.AreSequenceEqual(["Middlemarch", "Persuasion"], await books.ListAvailableAsync());
    }

    [TestMethod]
    public async Task A_book_is_lent_to_one_reader_at_a_time()
    {
        await using var connection = await dataSource.OpenConnectionAsync();
        var books = new Books(connection);

        Assert.IsTrue(await books.LendAsync("Emma", "Ada"));
        Assert.IsFalse(await books.LendAsync("Emma", "Bob"));
    }
}
