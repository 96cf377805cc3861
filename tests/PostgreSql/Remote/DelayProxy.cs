using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;

namespace SchemaIsolation.Tests.PostgreSql.Remote;

/// <summary>A way to a server that takes time: what is sent arrives later, in both directions.</summary>
internal sealed class DelayProxy : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource ending = new();
    private readonly TimeSpan delay;
    private readonly Task accepting;

    public DelayProxy(int serverPort, TimeSpan delay)
    {
        this.delay = delay;
        listener.Start();
        accepting = AcceptAsync(serverPort);
    }

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    public async ValueTask DisposeAsync()
    {
        await ending.CancelAsync();
        await accepting;
        listener.Dispose();
        ending.Dispose();
    }

    private async Task AcceptAsync(int serverPort)
    {
        var carried = new List<Task>();
        try
        {
            while (true)
                carried.Add(CarryAsync(await listener.AcceptTcpClientAsync(ending.Token), serverPort));
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(carried);
        }
    }

    private async Task CarryAsync(TcpClient client, int serverPort)
    {
        using var server = new TcpClient { NoDelay = true };
        using (client)
        {
            try
            {
                client.NoDelay = true;
                await server.ConnectAsync(IPAddress.Loopback, serverPort, ending.Token);
                await Task.WhenAny(CarryAsync(client.GetStream(), server.GetStream()), CarryAsync(server.GetStream(), client.GetStream()));
            }
            catch (Exception exception) when (exception is SocketException or OperationCanceledException)
            {
                // One of the two is gone, or the test.
            }
        }
    }

    private async Task CarryAsync(NetworkStream from, NetworkStream to)
    {
        var onTheWay = Channel.CreateUnbounded<(long Sent, byte[] Content)>();
        await Task.WhenAll(TakeAsync(from, onTheWay.Writer), BringAsync(onTheWay.Reader, to));
    }

    private async Task TakeAsync(NetworkStream from, ChannelWriter<(long Sent, byte[] Content)> onTheWay)
    {
        var buffer = new byte[64 * 1024];
        try
        {
            while (await from.ReadAsync(buffer, ending.Token) is > 0 and var length)
                onTheWay.TryWrite((TimeProvider.System.GetTimestamp(), buffer[..length]));
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException or ObjectDisposedException)
        {
            // As above.
        }

        onTheWay.Complete();
    }

    private async Task BringAsync(ChannelReader<(long Sent, byte[] Content)> onTheWay, NetworkStream to)
    {
        try
        {
            await foreach (var (sent, content) in onTheWay.ReadAllAsync(ending.Token))
            {
                if (delay - TimeProvider.System.GetElapsedTime(sent) is { Ticks: > 0 } left)
                    await Task.Delay(left, ending.Token);
                await to.WriteAsync(content, ending.Token);
            }
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException or ObjectDisposedException)
        {
            // As above.
        }
    }
}
