using System.Net.Sockets;
using System.Text.Json;
using SchemaIsolation.Wire;

namespace SchemaIsolation;

/// <summary>Asks the session's keeper for a lease.</summary>
internal static class LeaseClient
{
    private static readonly TimeSpan ConnectPause = TimeSpan.FromMilliseconds(5);

    public static async Task<Lease> LeaseAsync(LeaseKind kind, LeaseOptions? options, string testName, CancellationToken cancellationToken)
    {
        options ??= new LeaseOptions();
        var template = TemplateOf(options);
        var session = SessionVariables.ReadOrRefuse();
        var request = new LeaseRequest(LeaseRequest.CurrentProtocol, session.Token, kind, options.Content, testName, template);
        Socket? connection = null;
        try
        {
            if (options.Definition is { } definition)
                await DefinitionClient.EnsureAsync(session, definition, kind, testName, cancellationToken).ConfigureAwait(false);
            connection = await ConnectAsync(session.Endpoint, cancellationToken).ConfigureAwait(false);
            await Frame.WriteAsync(connection, request, WireJson.Default.LeaseRequest, cancellationToken).ConfigureAwait(false);
            var reply = await Frame.ReadAsync(connection, WireJson.Default.LeaseReply, cancellationToken).ConfigureAwait(false);
            if (reply?.Refusal is { } refusal)
                throw new SchemaIsolationException(refusal.Code, refusal.Reason);

            var grant = reply?.Grant ?? throw Ended(session.Id, innerException: null);
            return new Lease(connection, grant);
        }
        catch (SocketException exception)
        {
            connection?.Dispose();
            throw Ended(session.Id, exception);
        }
        catch (Exception exception) when (exception is InvalidDataException or JsonException)
        {
            connection?.Dispose();
            throw new SchemaIsolationException("SI2004", "The keeper's answer could not be read. Reference the same version of SchemaIsolation.Abstractions and SchemaIsolation.Collector.", exception);
        }
        catch
        {
            connection?.Dispose();
            throw;
        }
    }

    public static async Task RunAsync(
        LeaseKind kind, Func<Lease, Task> body, LeaseOptions? options, string testName, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(body);
        var lease = await LeaseAsync(kind, options, testName, cancellationToken).ConfigureAwait(false);
        await using (lease.ConfigureAwait(false))
            await body(lease).ConfigureAwait(false);
    }

    private static string? TemplateOf(LeaseOptions options)
    {
        var template = options.Template ?? options.Definition?.Name;
        if (options.Template is not null && options.Definition is not null)
            throw new ArgumentException($"A lease is a copy of one template. Leave out Template \"{options.Template}\" or Definition \"{options.Definition.Name}\".", nameof(options));
        if (template is not null && options.Content != LeaseContent.Migrated)
            throw new ArgumentException($"A lease with Content \"{options.Content}\" is no copy of a template. Leave out the template \"{template}\", or set Content to Migrated.", nameof(options));
        return template;
    }

    internal static async Task<Socket> ConnectAsync(string endpoint, CancellationToken cancellationToken)
    {
        while (true)
        {
            var connection = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            try
            {
                await connection.ConnectAsync(new UnixDomainSocketEndPoint(endpoint), cancellationToken).ConfigureAwait(false);
                return connection;
            }
            catch (SocketException exception) when (exception.SocketErrorCode == SocketError.WouldBlock)
            {
                // So many tests ask at once that the keeper's queue is full: a Unix socket says so instead of waiting.
                connection.Dispose();
                await Task.Delay(ConnectPause, cancellationToken).ConfigureAwait(false);
            }
            catch
            {
                connection.Dispose();
                throw;
            }
        }
    }

    internal static SchemaIsolationException Ended(string session, Exception? innerException)
        => new(
            "SI2002",
            $"The session \"{session}\" has ended, or its keeper was killed, so nothing can be leased from it. A lease is taken and released while its test runs; code that outlives the run gets none.",
            innerException);
}
