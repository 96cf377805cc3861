using Npgsql;
using SchemaIsolation;

namespace Library.Tests;

/// <summary>A lease for the class, in which "Emma" is lent, and a transaction for each test.</summary>
[TestClass]
public sealed class ReturningTests(TestContext context)
{
    private static Lease schema = null!;
    private static NpgsqlDataSource dataSource = null!;
    private TestTransaction transaction = null!;

    [ClassInitialize]
    public static async Task LeaseAsync(TestContext context)
    {
        schema = await IsolatedSchema.LeaseAsync(testName: nameof(ReturningTests), testFile: "");
        dataSource = NpgsqlDataSource.Create(schema.ConnectionString);
        await using var connection = await dataSource.OpenConnectionAsync();
        await new Books(connection).LendAsync("Emma", "Ada");
    }

    [TestInitialize]
    public async Task BeginAsync()
        => transaction = await TestTransaction.BeginAsync(dataSource.CreateConnection(), testName: context.TestName!);

    // What it throws stands beside what the test threw.
    [TestCleanup]
    public async Task RollBackAsync()
    {
        if (transaction is not null)
            await transaction.DisposeAsync();
    }

    [ClassCleanup]
    public static async Task ReleaseAsync()
    {
        if (dataSource is not null)
            await dataSource.DisposeAsync();
        if (schema is not null)
            await schema.DisposeAsync();
    }

    [TestMethod]
    public async Task A_returned_book_is_available()
    {
        var books = new Books(transaction.Connection);

        await books.ReturnAsync("Emma");

        Assert.AreSequenceEqual(["Emma", "Middlemarch", "Persuasion"], await books.ListAvailableAsync());
    }

    [TestMethod]
    public async Task A_book_is_returned_once()
    {
        var books = new Books(transaction.Connection);

        Assert.IsTrue(await books.ReturnAsync("Emma"));
        Assert.IsFalse(await books.ReturnAsync("Emma"));
    }
}
