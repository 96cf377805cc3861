using System.Runtime.CompilerServices;
using SchemaIsolation.Wire;

namespace SchemaIsolation;

/// <summary>Leases a PostgreSQL database that belongs to one test alone, with tables where the migrations put them.</summary>
/// <remarks>
/// For migrations that name <c>public</c> or make schemas of their own, and for code that uses what all schemas of a database
/// share: advisory locks, <c>LISTEN</c>/<c>NOTIFY</c>, extensions. Everything here may be called from any number of tests at once.
/// </remarks>
public static class IsolatedDatabase
{
    /// <summary>Leases a database; it is the caller's until the lease is disposed, and no other lease ever finds what was done in it.</summary>
    /// <param name="options">What the database holds; the migrated tables when null.</param>
    /// <param name="cancellationToken">Gives up waiting; nothing stays leased.</param>
    /// <param name="testName">The name under which reports and errors list the lease; the calling method unless given.</param>
    /// <param name="testFile">The file of the test; only its name is used.</param>
    /// <returns>The lease; its <see cref="Lease.Name"/> is its <see cref="Lease.Database"/>.</returns>
    /// <exception cref="SchemaIsolationException">As for <see cref="IsolatedSchema.LeaseAsync"/>.</exception>
    /// <example>
    /// <code>
    /// await using var database = await IsolatedDatabase.LeaseAsync();
    /// await using var db = NpgsqlDataSource.Create(database.ConnectionString);
    /// </code>
    /// </example>
    public static Task<Lease> LeaseAsync(
        LeaseOptions? options = null,
        CancellationToken cancellationToken = default,
        [CallerMemberName] string testName = "",
        [CallerFilePath] string testFile = "")
        => LeaseClient.LeaseAsync(LeaseKind.Database, options, TestName.From(testFile, testName), cancellationToken);

    /// <summary>Leases a database, runs the body in it, and releases it however the body ends.</summary>
    /// <param name="body">The test; what it throws reaches the caller unchanged.</param>
    /// <param name="options"><inheritdoc cref="LeaseAsync" path="/param[@name='options']"/></param>
    /// <param name="cancellationToken">Gives up waiting for the lease; the body is not interrupted.</param>
    /// <param name="testName"><inheritdoc cref="LeaseAsync" path="/param[@name='testName']"/></param>
    /// <param name="testFile"><inheritdoc cref="LeaseAsync" path="/param[@name='testFile']"/></param>
    /// <returns>A task that ends when the body has ended and the database is released.</returns>
    /// <exception cref="SchemaIsolationException">As for <see cref="IsolatedSchema.LeaseAsync"/>.</exception>
    public static Task RunAsync(
        Func<Lease, Task> body,
        LeaseOptions? options = null,
        CancellationToken cancellationToken = default,
        [CallerMemberName] string testName = "",
        [CallerFilePath] string testFile = "")
        => LeaseClient.RunAsync(LeaseKind.Database, body, options, TestName.From(testFile, testName), cancellationToken);
}
