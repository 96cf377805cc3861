using System.Collections.Concurrent;
using System.Net.Sockets;
using SchemaIsolation.Wire;

namespace SchemaIsolation;

/// <summary>Builds templates that the test project defines, once a process, when the session's keeper asks for it.</summary>
internal static class DefinitionClient
{
    private static readonly ConcurrentDictionary<(string Session, TemplateDefinition Definition, LeaseKind Kind), Task> Ensured = new();

    /// <summary>Waits until the template is there. Who asks first has it built, and others wait for that.</summary>
    public static async Task EnsureAsync(SessionVariables session, TemplateDefinition definition, LeaseKind kind, string testName, CancellationToken cancellationToken)
    {
        var first = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var ensured = Ensured.GetOrAdd((session.Id, definition, kind), first.Task);
        if (ensured == first.Task)
            _ = CompleteAsync(first, session, definition, kind, testName);
        await ensured.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    private static async Task CompleteAsync(TaskCompletionSource ensured, SessionVariables session, TemplateDefinition definition, LeaseKind kind, string testName)
    {
        try
        {
            // Not cancelled with the test that asked first.
            await AskAsync(session, definition, kind, testName).ConfigureAwait(false);
            ensured.SetResult();
        }
        catch (Exception exception)
        {
            // Whatever it is, those who wait are told it.
            ensured.SetException(exception);
        }
    }

    private static async Task AskAsync(SessionVariables session, TemplateDefinition definition, LeaseKind kind, string testName)
    {
        var request = new LeaseRequest(LeaseRequest.CurrentProtocol, session.Token, kind, LeaseContent.Migrated, testName, definition.Name, definition.Fingerprint);
        using var connection = await LeaseClient.ConnectAsync(session.Endpoint, CancellationToken.None).ConfigureAwait(false);
        await Frame.WriteAsync(connection, request, WireJson.Default.LeaseRequest, CancellationToken.None).ConfigureAwait(false);
        Exception? failure = null;
        var next = ReadAsync(connection);
        while (true)
        {
            var reply = await next.ConfigureAwait(false) ?? throw LeaseClient.Ended(session.Id, failure);
            if (reply.Refusal is { } refusal)
                throw new SchemaIsolationException(refusal.Code, refusal.Reason, failure);
            if (reply.Build is null)
                return;

            // While it waits for the build the keeper says nothing, unless it has given it up, or is gone: then code that does not end is not waited for.
            next = ReadAsync(connection);
            using var givenUp = new CancellationTokenSource();
            var building = TryBuildAsync(definition, reply.Build, givenUp.Token);
            if (await Task.WhenAny(building, next).ConfigureAwait(false) == next)
            {
                await givenUp.CancelAsync().ConfigureAwait(false);
                continue;
            }

            failure = await building.ConfigureAwait(false);
            await TellAsync(connection, failure).ConfigureAwait(false);
        }
    }

    private static Task<LeaseReply?> ReadAsync(Socket connection) => Frame.ReadAsync(connection, WireJson.Default.LeaseReply, CancellationToken.None);

    private static async Task<Exception?> TryBuildAsync(TemplateDefinition definition, string connectionString, CancellationToken cancellationToken)
    {
        try
        {
            // Off this thread: code that blocks would keep us from hearing the keeper.
            await Task.Run(() => definition.BuildAsync(connectionString, cancellationToken), CancellationToken.None).ConfigureAwait(false);
            return null;
        }
        catch (Exception exception)
        {
            // Code of the test project, of which nothing is known: the keeper refuses with it, and it is the cause of what the test sees.
            return exception;
        }
    }

    private static async Task TellAsync(Socket connection, Exception? failure)
    {
        try
        {
            var text = failure is null ? null : $"{failure.GetType().Name}: {failure.Message}";
            await Frame.WriteAsync(connection, new BuildResult(text?[..Math.Min(text.Length, BuildResult.MaxLength)]), WireJson.Default.BuildResult, CancellationToken.None).ConfigureAwait(false);
        }
        catch (SocketException)
        {
            // It took too long, and the keeper has said so already: that is read next.
        }
    }
}
