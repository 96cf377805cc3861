using System.Runtime.CompilerServices;
using SchemaIsolation.Wire;

namespace SchemaIsolation;

/// <summary>Leases a PostgreSQL schema that belongs to one test alone.</summary>
/// <remarks>Everything here may be called from any number of tests at once.</remarks>
public static class IsolatedSchema
{
    /// <summary>Leases a schema; it is the caller's until the lease is disposed, and no other lease ever finds what was done in it.</summary>
    /// <param name="options">What the schema holds; the migrated tables when null.</param>
    /// <param name="cancellationToken">Gives up waiting; nothing stays leased.</param>
    /// <param name="testName">The name under which reports and errors list the lease; the calling method unless given.</param>
    /// <param name="testFile">The file of the test; only its name is used.</param>
    /// <returns>
    /// The lease. Its connection string names the schema as search path, with <c>public</c> behind it for extensions. Migrations that cannot
    /// live in a schema of their own get a database instead, unless the option <c>Isolation</c> is <c>Schema</c>: the lease is then named by
    /// the schema of that database in which unqualified names are found.
    /// </returns>
    /// <exception cref="SchemaIsolationException">
    /// SI1207 or SI1208 where the option <c>Isolation</c> is <c>Schema</c> and the migrations do not allow that; SI2001 outside a session; SI2002 when the session has ended; SI2003 when no slot came free within <c>LeaseTimeout</c>;
    /// an SI1… code when the session could not start or its template could not be built.
    /// </exception>
    /// <example>
    /// <code>
    /// await using var schema = await IsolatedSchema.LeaseAsync();
    /// await using var db = NpgsqlDataSource.Create(schema.ConnectionString);
    /// </code>
    /// </example>
    public static Task<Lease> LeaseAsync(
        LeaseOptions? options = null,
        CancellationToken cancellationToken = default,
        [CallerMemberName] string testName = "",
        [CallerFilePath] string testFile = "")
        => LeaseClient.LeaseAsync(LeaseKind.Schema, options, TestName.From(testFile, testName), cancellationToken);

    /// <summary>Leases a schema, runs the body in it, and releases it however the body ends.</summary>
    /// <param name="body">The test; what it throws reaches the caller unchanged.</param>
    /// <param name="options"><inheritdoc cref="LeaseAsync" path="/param[@name='options']"/></param>
    /// <param name="cancellationToken">Gives up waiting for the lease; the body is not interrupted.</param>
    /// <param name="testName"><inheritdoc cref="LeaseAsync" path="/param[@name='testName']"/></param>
    /// <param name="testFile"><inheritdoc cref="LeaseAsync" path="/param[@name='testFile']"/></param>
    /// <returns>A task that ends when the body has ended and the schema is released.</returns>
    /// <exception cref="SchemaIsolationException">As for <see cref="LeaseAsync"/>.</exception>
    /// <example>
    /// <code>
    /// await IsolatedSchema.RunAsync(async schema =>
    /// {
    ///     await using var db = NpgsqlDataSource.Create(schema.ConnectionString);
    /// }, LeaseOptions.NameOnly);
    /// </code>
    /// </example>
    public static Task RunAsync(
        Func<Lease, Task> body,
        LeaseOptions? options = null,
        CancellationToken cancellationToken = default,
        [CallerMemberName] string testName = "",
        [CallerFilePath] string testFile = "")
        => LeaseClient.RunAsync(LeaseKind.Schema, body, options, TestName.From(testFile, testName), cancellationToken);
}
