using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;
using SchemaIsolation.Keeper.Leases;
using SchemaIsolation.Wire;

namespace SchemaIsolation.Tests.Unit.Leases;

/// <summary>A connection as a test process has it, with nothing between it and the wire.</summary>
internal sealed class FakeTest : IDisposable
{
    private static readonly TimeSpan TimeLimit = TimeSpan.FromSeconds(30);

    private readonly Socket connection = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly LeaseEndpoint endpoint;

    private FakeTest(LeaseEndpoint endpoint) => this.endpoint = endpoint;

    public static async Task<FakeTest> ConnectAsync(LeaseEndpoint endpoint)
    {
        while (true)
        {
            var test = new FakeTest(endpoint);
            try
            {
                await test.connection.ConnectAsync(new UnixDomainSocketEndPoint(endpoint.Path));
                return test;
            }
            catch (SocketException exception) when (exception.SocketErrorCode == SocketError.WouldBlock)
            {
                // The endpoint's queue is full, and a Unix socket does not wait.
                test.Dispose();
                await Task.Yield();
            }
        }
    }

    /// <summary>A request without a mistake.</summary>
    public Task AskAsync() => AskAsync(new LeaseRequest(1, endpoint.Token, LeaseKind.Schema, LeaseContent.Empty, "PackTests.Creates"));

    public Task AskAsync(LeaseRequest request) => Frame.WriteAsync(connection, request, WireJson.Default.LeaseRequest, CancellationToken.None);

    /// <summary>A frame with this text in it.</summary>
    public Task SendFrameAsync(string text) => SendFrameAsync(Encoding.UTF8.GetByteCount(text), text);

    /// <summary>A frame that claims a length of its own.</summary>
    public async Task SendFrameAsync(int length, string text)
    {
        var header = new byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(header, length);
        await connection.SendAsync((byte[])[.. header, .. Encoding.UTF8.GetBytes(text)]);
    }

    /// <returns>The reply, or null when the endpoint closed the connection.</returns>
    public Task<LeaseReply?> ReadReplyAsync() => Frame.ReadAsync(connection, WireJson.Default.LeaseReply, CancellationToken.None).WaitAsync(TimeLimit);

    public Task ReleaseAsync(string? dirtiedBy = null) => Frame.WriteReleaseAsync(connection, new LeaseRelease(dirtiedBy));

    /// <summary>Sends no more, and still listens.</summary>
    public void EndSending() => connection.Shutdown(SocketShutdown.Send);

    /// <summary>Closes the connection without a word, as the kernel does for a process that died.</summary>
    public void Die() => connection.Dispose();

    public void Dispose() => connection.Dispose();
}
