using System.Net.Sockets;
using SchemaIsolation.Wire;

namespace SchemaIsolation;

/// <summary>One test's exclusive use of a schema or database, from the moment it is handed out until it is disposed.</summary>
/// <remarks>
/// The lease is a connection to the session's keeper: when the test process dies, whatever killed it, the lease is released with it.
/// After the release the keeper drops the state, or makes it equal to one that nobody has used, as the option <c>Reuse</c> says; it does so in the background.
/// </remarks>
public sealed class Lease : IAsyncDisposable
{
    private readonly Socket connection;
    private string? dirtiedBy;
    private int released;

    internal Lease(Socket connection, LeaseGrant grant)
    {
        this.connection = connection;
        Name = grant.Name;
        Database = grant.Database;
        ConnectionString = grant.ConnectionString;
        Directory = grant.Directory;
        HeldLeases.Add(this);
    }

    /// <summary>The name of what is leased, unquoted.</summary>
    /// <value>The schema's name, or the database's; lower-case letters, digits and underscores, at most 63 bytes, unless the schema is one that the migrations named.</value>
    public string Name { get; }

    /// <summary>The database that holds the leased schema, or the leased database itself.</summary>
    public string Database { get; }

    /// <summary>How to connect to it, as Npgsql keywords.</summary>
    /// <value>
    /// For a schema with <c>Search Path</c> set, so that unqualified names mean the leased schema. May hold a password:
    /// do not print it.
    /// </value>
    public string ConnectionString { get; }

    /// <summary>An existing, empty directory of the lease's own, for tests that also write files.</summary>
    /// <value>An absolute path; deleted with all it holds after the release.</value>
    public string Directory { get; }

    /// <summary>As the report has it: of schemas in databases of their own, each has the same name.</summary>
    internal string Slot => Name == Database ? Database : $"{Database}.{Name}";

    /// <summary>Releases the lease. A second call does nothing.</summary>
    /// <remarks>Never throws, so that it cannot hide the test's own exception, and does not wait for what the keeper does then.</remarks>
    /// <returns>A task that ends when the keeper has been told.</returns>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref released, 1) != 0)
            return;

        try
        {
            await Frame.WriteReleaseAsync(connection, new LeaseRelease(dirtiedBy)).ConfigureAwait(false);
        }
        catch (SocketException)
        {
            // The keeper is gone or has taken the lease back already: closing the connection says the same.
        }
        finally
        {
            HeldLeases.Remove(this);
            connection.Dispose();
        }
    }

    /// <summary>Says that what a test wrote may have stayed, although the test was to be rolled back. The first one is remembered.</summary>
    internal void Dirty(string test) => Interlocked.CompareExchange(ref dirtiedBy, test, null);

    /// <exception cref="SchemaIsolationException">SI2010: a test has dirtied it.</exception>
    internal void RefuseIfDirty()
    {
        if (dirtiedBy is not null)
        {
            throw new SchemaIsolationException(
                "SI2010",
                $"The lease of \"{Slot}\" is dirty: the code under test of \"{dirtiedBy}\" ended the transaction of its test, so what that test wrote may have stayed here. Correct that test first, or give it a lease of its own.");
        }
    }
}
