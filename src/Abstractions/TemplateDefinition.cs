namespace SchemaIsolation;

/// <summary>A template that code of the test project makes, where neither a folder of migrations nor a program can.</summary>
/// <remarks>The first test that needs it builds it while others wait; afterwards, in later runs too, it is there until its fingerprint is another.</remarks>
/// <example>
/// <code>
/// private static readonly TemplateDefinition Orders = new("orders", fingerprint: "3", async (connectionString, cancellationToken) =>
/// {
///     await using var db = NpgsqlDataSource.Create(connectionString);
///     await using var command = db.CreateCommand("create table orders (id int)");
///     await command.ExecuteNonQueryAsync(cancellationToken);
/// });
///
/// await using var schema = await IsolatedSchema.LeaseAsync(new LeaseOptions { Definition = Orders });
/// </code>
/// </example>
public sealed class TemplateDefinition
{
    /// <summary>Defines a template; nothing is built yet.</summary>
    /// <param name="name">What reports and errors call it; none that the configuration has.</param>
    /// <param name="fingerprint">Any text that changes whenever <paramref name="buildAsync"/> would make something else, such as the hash of a model.</param>
    /// <param name="buildAsync">
    /// Fills an empty database, or schema, at the connection string it is given. It may take as long as the option <c>MigrationTimeout</c> says; then
    /// its token is cancelled, and it is waited for no longer.
    /// </param>
    public TemplateDefinition(string name, string fingerprint, Func<string, CancellationToken, Task> buildAsync)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentException.ThrowIfNullOrEmpty(fingerprint);
        ArgumentNullException.ThrowIfNull(buildAsync);
        Name = name;
        Fingerprint = fingerprint;
        BuildAsync = buildAsync;
    }

    /// <summary>What reports and errors call it.</summary>
    public string Name { get; }

    /// <summary>What says whether a template that is there is the one defined here.</summary>
    public string Fingerprint { get; }

    internal Func<string, CancellationToken, Task> BuildAsync { get; }
}
