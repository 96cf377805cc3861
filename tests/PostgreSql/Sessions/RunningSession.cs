using SchemaIsolation.Keeper.Configuration;
using SchemaIsolation.Keeper.Postgres;
using SchemaIsolation.Keeper.Reporting;
using SchemaIsolation.Keeper.Sessions;
using SchemaIsolation.Wire;

namespace SchemaIsolation.Tests.PostgreSql.Sessions;

/// <summary>A session in this process, ended by its test or else by its disposal.</summary>
internal sealed class RunningSession : IAsyncDisposable
{
    private readonly Session session;
    private readonly Dictionary<string, string> variables;
    private Task<SessionReport>? ended;

    private RunningSession(Session session)
    {
        this.session = session;
        variables = session.Variables.ToDictionary(StringComparer.Ordinal);
    }

    public SessionId Id => SessionId.Parse(variables[SessionVariables.IdVariable]);

    public string Endpoint => variables[SessionVariables.EndpointVariable];

    public static RunningSession Start(Options options)
        => new(Session.Start(options, new KeeperLog(TimeProvider.System, _ => { }), TimeProvider.System));

    public Task<TestLease> LeaseAsync(
        LeaseKind kind = LeaseKind.Schema, LeaseContent content = LeaseContent.Migrated, string test = "a test", CancellationToken cancellationToken = default)
        => TestLease.TakeAsync(
            Endpoint, new LeaseRequest(LeaseRequest.CurrentProtocol, variables[SessionVariables.TokenVariable], kind, content, test), cancellationToken);

    public Task<SessionReport> EndAsync() => ended ??= session.EndAsync();

    public async ValueTask DisposeAsync() => await EndAsync();
}
