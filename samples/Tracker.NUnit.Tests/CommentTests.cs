using Npgsql;
using SchemaIsolation;

namespace Tracker.Tests;

/// <summary>The third way: one lease for the fixture, and NUnit's SetUp and TearDown around each test.</summary>
[Parallelizable(ParallelScope.Self)]
public sealed class CommentTests
{
    // NUnit calls LeaseAsync first and once, and BeginAsync before each test.
    private Lease? schema;
    private NpgsqlDataSource? dataSource;
    private TestTransaction? transaction;
    private IssueStore issues = null!;
    private long crash;

    [OneTimeSetUp]
    public async Task LeaseAsync()
    {
        schema = await IsolatedSchema.LeaseAsync(testName: TestContext.CurrentContext.Test.FullName, testFile: "");
        dataSource = NpgsqlDataSource.Create(schema.ConnectionString);
        await using var connection = await dataSource.OpenConnectionAsync();
        crash = (await new IssueStore(connection).OpenAsync("It crashes")).Id;
    }

    [SetUp]
    public async Task BeginAsync()
    {
        transaction = await TestTransaction.BeginAsync(
            dataSource!.CreateConnection(), testName: TestContext.CurrentContext.Test.FullName, testFile: "");
        issues = new IssueStore(transaction.Connection);
    }

    // Also after a SetUp that failed. What it throws stands beside what the test threw: NUnit shows both.
    [TearDown]
    public async Task RollBackAsync()
    {
        if (transaction is not null)
            await transaction.DisposeAsync();
        transaction = null;
    }

    [OneTimeTearDown]
    public async Task ReleaseAsync()
    {
        if (dataSource is not null)
            await dataSource.DisposeAsync();
        if (schema is not null)
            await schema.DisposeAsync();
    }

    [Test]
    public async Task Comments_come_in_the_order_in_which_they_were_made()
    {
        await issues.CommentAsync(crash, new Comment("Ada", "Since Monday."));
        await issues.CommentAsync(crash, new Comment("Bob", "Since Sunday."));

        Assert.That(
            await issues.ListCommentsAsync(crash),
            Is.EqualTo([new Comment("Ada", "Since Monday."), new Comment("Bob", "Since Sunday.")]));
    }

    [Test]
    public async Task Every_test_finds_the_issue_without_comments()
    {
        Assert.That(await issues.ListCommentsAsync(crash), Is.Empty);
    }

    [Test]
    public async Task An_empty_comment_is_refused_and_the_test_goes_on()
    {
        await using (await transaction!.SaveAsync())
            Assert.ThrowsAsync<PostgresException>(() => issues.CommentAsync(crash, new Comment("Ada", "")));

        Assert.That(await issues.ListCommentsAsync(crash), Is.Empty);
    }
}
