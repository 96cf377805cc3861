using System.Net.Sockets;
using SchemaIsolation.Wire;

namespace SchemaIsolation.Tests.PostgreSql.Sessions;

/// <summary>A lease as the wire has it, so that one process may lease from many sessions, and may die without releasing.</summary>
internal sealed class TestLease : IAsyncDisposable
{
    private readonly Socket connection;
    private readonly LeaseGrant grant;

    private TestLease(Socket connection, LeaseGrant grant)
    {
        this.connection = connection;
        this.grant = grant;
    }

    public string Name => grant.Name;

    public string Database => grant.Database;

    public string ConnectionString => grant.ConnectionString;

    public string Directory => grant.Directory;

    /// <exception cref="SchemaIsolationException">The keeper refused.</exception>
    /// <exception cref="EndOfStreamException">The keeper hung up without an answer.</exception>
    public static async Task<TestLease> TakeAsync(string endpoint, LeaseRequest request, CancellationToken cancellationToken)
    {
        var connection = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await connection.ConnectAsync(new UnixDomainSocketEndPoint(endpoint), cancellationToken);
            await Frame.WriteAsync(connection, request, WireJson.Default.LeaseRequest, cancellationToken);
            var reply = await Frame.ReadAsync(connection, WireJson.Default.LeaseReply, cancellationToken);
            if (reply?.Refusal is { } refusal)
                throw new SchemaIsolationException(refusal.Code, refusal.Reason);
            return new TestLease(connection, reply?.Grant ?? throw new EndOfStreamException());
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>The same as test code has it, which releases it.</summary>
    public Lease ToLease() => new(connection, grant);

    /// <summary>What the kernel does when the test's process dies.</summary>
    public void Die() => connection.Dispose();

    /// <summary>Waits until the keeper takes the lease back.</summary>
    public async Task WaitUntilCutAsync() => await Frame.ReadReleaseAsync(connection, CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        try
        {
            await Frame.WriteReleaseAsync(connection, LeaseRelease.Clean);
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // The session ended first, or the test died.
        }

        connection.Dispose();
    }
}
