using Npgsql;
using SchemaIsolation;

namespace Library.Tests;

/// <summary>A lease for the class, in which "Emma" is lent, and a transaction for each test.</summary>
public sealed class ReturningTests
{
    private static Lease schema = null!;
    private static NpgsqlDataSource dataSource = null!;
    private TestTransaction transaction = null!;

    [OneTimeSetUp]
    public static async Task LeaseAsync()
    {
        schema = await IsolatedSchema.LeaseAsync(testName: nameof(ReturningTests), testFile: "");
        dataSource = NpgsqlDataSource.Create(schema.ConnectionString);
        await using var connection = await dataSource.OpenConnectionAsync();
        await new Books(connection).LendAsync("Emma", "Ada");
    }

    [SetUp]
    public async Task BeginAsync()
        => transaction = await TestTransaction.BeginAsync(dataSource.CreateConnection(), testName: TestContext.CurrentContext.Test.Name);

    // What it throws stands beside what the test threw.
    [TearDown]
    public async Task RollBackAsync()
    {
        if (transaction is not null)
            await transaction.DisposeAsync();
    }

    [OneTimeTearDown]
    public static async Task ReleaseAsync()
    {
        if (dataSource is not null)
            await dataSource.DisposeAsync();
        if (schema is not null)
            await schema.DisposeAsync();
    }

    [Test]
    public async Task A_returned_book_is_available()
    {
        var books = new Books(transaction.Connection);

        await books.ReturnAsync("Emma");

        Assert.That(await books.ListAvailableAsync(), Is.EqualTo(["Emma", "Middlemarch", "Persuasion"]));
    }

    [Test]
    public async Task A_book_is_returned_once()
    {
        var books = new Books(transaction.Connection);

        Assert.That(await books.ReturnAsync("Emma"), Is.True);
        Assert.That(await books.ReturnAsync("Emma"), Is.False);
    }
}
