using System.Reflection;
using SchemaIsolation;
using Xunit.Abstractions;

namespace Tracker.Tests;

/// <summary>Each test of a class that derives from this one starts from the class's data, and leaves them as they were.</summary>
public abstract class TransactionTests(TrackerDatabase database, ITestOutputHelper output) : IClassFixture<TrackerDatabase>, IAsyncLifetime
{
    private TestTransaction? transaction;

    protected TrackerDatabase Database => database;

    protected TestTransaction Transaction => transaction ?? throw new InvalidOperationException("The test has not begun.");

    protected IssueStore Issues => new(Transaction.Connection);

    public async Task InitializeAsync()
        => transaction = await TestTransaction.BeginAsync(database.CreateConnection(), testName: TestName(output), testFile: "");

    // What it throws stands beside what the test threw: xUnit shows both.
    public async Task DisposeAsync()
    {
        if (transaction is not null)
            await transaction.DisposeAsync();
    }

    // xUnit v2 tells the name of a test to its output alone; v3 has TestContext.Current.Test.TestDisplayName.
    private static string TestName(ITestOutputHelper output)
        => output.GetType().GetField("test", BindingFlags.Instance | BindingFlags.NonPublic)?.GetValue(output) is ITest test
            ? test.DisplayName
            : nameof(TransactionTests);
}
