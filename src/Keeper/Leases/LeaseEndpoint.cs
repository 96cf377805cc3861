using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using SchemaIsolation.Wire;

namespace SchemaIsolation.Keeper.Leases;

/// <summary>Where test processes ask for leases. A connection is a lease: when it ends, the lease is released.</summary>
internal sealed class LeaseEndpoint : IAsyncDisposable
{
    private const int Backlog = 512;
    private const int TokenBytes = 16;

    // A client that connects and says nothing holds a connection, never a slot.
    private static readonly TimeSpan RequestTimeLimit = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan AcceptPause = TimeSpan.FromMilliseconds(20);

    private readonly Socket listener;
    private readonly string path;
    private readonly Func<LeaseRequest, CancellationToken, Task<ActiveLease>> grantAsync;
    private readonly Func<LeaseRequest, Func<string, CancellationToken, Task>, CancellationToken, Task> defineAsync;
    private readonly Action<Exception> onDefect;
    private readonly HashSet<Task> connections = [];
    private readonly Strangers strangers = new();
    private readonly CancellationTokenSource stopping = new();
    private readonly CancellationTokenSource stopped = new();
    private readonly Task accepting;

    private LeaseEndpoint(
        Socket listener,
        string path,
        Func<LeaseRequest, CancellationToken, Task<ActiveLease>> grantAsync,
        Func<LeaseRequest, Func<string, CancellationToken, Task>, CancellationToken, Task> defineAsync,
        Action<Exception> onDefect)
    {
        this.listener = listener;
        this.path = path;
        this.grantAsync = grantAsync;
        this.defineAsync = defineAsync;
        this.onDefect = onDefect;
        accepting = AcceptAsync();
    }

    public string Path => path;

    /// <summary>How many connections there are, leases or not.</summary>
    public int Connections => Open().Length;

    /// <summary>What a request has to carry. Only the test process is told it.</summary>
    public string Token { get; } = Convert.ToHexString(RandomNumberGenerator.GetBytes(TokenBytes));

    /// <param name="path">The socket's path, in a directory that only its user may enter.</param>
    /// <param name="grantAsync">Grants a lease, or throws the coded reason for refusing it.</param>
    /// <param name="defineAsync">Has a template built that the test process defines: by the function, which is told where, and throws what came of it.</param>
    /// <param name="onDefect">Told of what nobody foresaw; it ends the connection it happened on, and nothing else.</param>
    public static LeaseEndpoint Listen(
        string path,
        Func<LeaseRequest, CancellationToken, Task<ActiveLease>> grantAsync,
        Func<LeaseRequest, Func<string, CancellationToken, Task>, CancellationToken, Task> defineAsync,
        Action<Exception> onDefect)
    {
        var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            listener.Bind(new UnixDomainSocketEndPoint(path));

            // The directory keeps others out already; this does so as well where somebody opens the directory.
            if (!OperatingSystem.IsWindows())
                File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            listener.Listen(Backlog);
            return new LeaseEndpoint(listener, path, grantAsync, defineAsync, onDefect);
        }
        catch
        {
            listener.Dispose();
            throw;
        }
    }

    /// <summary>Takes no more connections, and waits until those that hold a lease have ended, but no longer than the time limit.</summary>
    /// <returns>How many were still there, and have been cut.</returns>
    public async Task<int> StopAsync(TimeSpan timeLimit)
    {
        await stopping.CancelAsync();
        await accepting;
        listener.Dispose();
        DeleteSocket();

        var open = Open();
        await Task.WhenAny(Task.WhenAll(open), Task.Delay(timeLimit));
        var cut = open.Count(connection => !connection.IsCompleted);
        await stopped.CancelAsync();
        await Task.WhenAll(open);
        return cut;
    }

    public async ValueTask DisposeAsync()
    {
        if (!stopped.IsCancellationRequested)
            await StopAsync(TimeSpan.Zero);
        stopping.Dispose();
        stopped.Dispose();
    }

    private void DeleteSocket()
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Somebody has emptied the temporary directory, or closed it. What is on the server is still to be swept.
        }
    }

    private Task[] Open()
    {
        lock (connections)
            return [.. connections];
    }

    private async Task AcceptAsync()
    {
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                Track(ServeAsync(await listener.AcceptAsync(stopping.Token)));
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (SocketException)
            {
                // A client that gave up before it was accepted; or no file handle is left, and there is no use in asking at once.
                await Task.Delay(AcceptPause);
            }
        }
    }

    private void Track(Task connection)
    {
        lock (connections)
            connections.Add(connection);
        _ = connection.ContinueWith(
            ended =>
            {
                lock (connections)
                    connections.Remove(ended);
            },
            CancellationToken.None,
            TaskContinuationOptions.None,
            TaskScheduler.Default);
    }

    private async Task ServeAsync(Socket client)
    {
        using var connection = client;
        try
        {
            if (await ReadRequestAsync(client) is { } request)
                await (request.Fingerprint is null ? HoldAsync(client, request) : DefineAsync(client, request));
        }
        catch (Exception exception) when (exception is SocketException or OperationCanceledException)
        {
            // The test process went away, or the session ends: what it held is released on the way here.
        }
        catch (Exception exception)
        {
            // The connection's loop: whatever one client brought about, others are served, and the session's end sweeps.
            onDefect(exception);
        }
    }

    /// <returns>The request, or null when the client was refused or said nothing.</returns>
    private async Task<LeaseRequest?> ReadRequestAsync(Socket client)
    {
        using var timeLimit = CancellationTokenSource.CreateLinkedTokenSource(stopping.Token);
        timeLimit.CancelAfter(RequestTimeLimit);
        strangers.Enter(timeLimit);
        try
        {
            var request = await Frame.ReadAsync(client, WireJson.Default.LeaseRequest, timeLimit.Token);
            if (request is null)
                return null;
            if (FindMistake(request) is not { } mistake)
                return request with { Test = TestName.Cut(request.Test ?? string.Empty) };
            await RefuseAsync(client, mistake);
        }
        catch (Exception exception) when (exception is InvalidDataException or JsonException)
        {
            await RefuseAsync(client, new SchemaIsolationException("SI2005", "The request for a lease could not be read. Only SchemaIsolation.Abstractions speaks to this endpoint."));
        }
        finally
        {
            strangers.Leave(timeLimit);
        }

        return null;
    }

    private SchemaIsolationException? FindMistake(LeaseRequest request)
    {
        if (request.Protocol != LeaseRequest.CurrentProtocol)
        {
            return new("SI2004", $"SchemaIsolation.Abstractions speaks version {request.Protocol} of the lease protocol, SchemaIsolation.Collector version {LeaseRequest.CurrentProtocol}. Reference the same version of both packages.");
        }

        if (request is { Fingerprint: not null, Template: null })
            return new("SI2005", "The request for a template to be built does not name it.");

        return CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(request.Token ?? string.Empty), Encoding.UTF8.GetBytes(Token))
            ? null
            : new("SI2005", "The request for a lease does not carry this session's token. Only the test process that the session's collector started may lease from it.");
    }

    private async Task HoldAsync(Socket client, LeaseRequest request)
    {
        using var gone = CancellationTokenSource.CreateLinkedTokenSource(stopping.Token);

        // Read from the start, so that a test that is cancelled or dies while it waits gives up its place.
        var end = Frame.ReadReleaseAsync(client, stopped.Token);
        ActiveLease lease;
        try
        {
            var granting = grantAsync(request, gone.Token);
            if (await Task.WhenAny(granting, end) == end)
                await gone.CancelAsync();
            lease = await granting;
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            // Whatever it is: a test that gets no answer would take it for the end of the session.
            await RefuseAsync(client, exception as SchemaIsolationException ?? Defect.Describe(exception));
            return;
        }

        LeaseRelease? release = null;
        try
        {
            await Frame.WriteAsync(client, new LeaseReply(lease.Grant, Refusal: null), WireJson.Default.LeaseReply, stopped.Token);
            release = await end;
        }
        finally
        {
            lease.Release(release is { DirtiedBy: { } test } ? new LeaseRelease(TestName.Cut(test)) : release);
        }
    }

    private async Task DefineAsync(Socket client, LeaseRequest request)
    {
        try
        {
            await defineAsync(request, (connectionString, cancellationToken) => BuildAsync(client, request.Template!, connectionString, cancellationToken), stopping.Token);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            await RefuseAsync(client, exception as SchemaIsolationException ?? Defect.Describe(exception));
            return;
        }

        await Frame.WriteAsync(client, new LeaseReply(Grant: null, Refusal: null), WireJson.Default.LeaseReply, stopped.Token);
    }

    private static async Task BuildAsync(Socket client, string template, string connectionString, CancellationToken cancellationToken)
    {
        await Frame.WriteAsync(client, new LeaseReply(Grant: null, Refusal: null, connectionString), WireJson.Default.LeaseReply, cancellationToken);
        var result = await Frame.ReadAsync(client, WireJson.Default.BuildResult, cancellationToken) ?? throw new OperationCanceledException("The test process went away.");
        if (result.Failure is { } failure)
            throw new SchemaIsolationException("SI1214", $"The code that defines template \"{template}\" failed. Correct it: {MessageText.Cut(failure)}");
    }

    private Task RefuseAsync(Socket client, SchemaIsolationException refusal)
        => Frame.WriteAsync(client, new LeaseReply(Grant: null, new LeaseRefusal(refusal.Code, MessageText.Cut(refusal.Reason))), WireJson.Default.LeaseReply, stopped.Token);
}
