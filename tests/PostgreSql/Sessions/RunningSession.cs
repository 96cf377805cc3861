using SchemaIsolation.Keeper.Configuration;
using SchemaIsolation.Keeper.Leases;
using SchemaIsolation.Keeper.Postgres;
using SchemaIsolation.Keeper.Reporting;
using SchemaIsolation.Keeper.Sessions;
using SchemaIsolation.Testing;
using SchemaIsolation.Wire;

namespace SchemaIsolation.Tests.PostgreSql.Sessions;

/// <summary>A session in this process, ended by its test or else by its disposal.</summary>
internal sealed class RunningSession : IAsyncDisposable
{
    private readonly Session session;
    private readonly KeeperLog log;
    private readonly Dictionary<string, string> variables;
    private Task<SessionReport>? ended;

    private RunningSession(Session session, KeeperLog log)
    {
        this.session = session;
        this.log = log;
        variables = session.Variables.ToDictionary(StringComparer.Ordinal);
    }

    public SessionId Id => SessionId.Parse(variables[SessionVariables.IdVariable]);

    public string Endpoint => variables[SessionVariables.EndpointVariable];

    /// <returns>What the test host finds in the variable; null when it is not set.</returns>
    public string? Variable(string name) => session.Variables.ToDictionary(StringComparer.Ordinal).GetValueOrDefault(name);

    public static RunningSession Start(Options options)
    {
        var log = new KeeperLog(TimeProvider.System, _ => { });
        return new RunningSession(Session.Start(options, log, TimeProvider.System), log);
    }

    public Task<TestLease> LeaseAsync(
        LeaseKind kind = LeaseKind.Schema, LeaseContent content = LeaseContent.Migrated, string test = "a test", string? template = null, CancellationToken cancellationToken = default)
        => TestLease.TakeAsync(
            Endpoint, new LeaseRequest(LeaseRequest.CurrentProtocol, variables[SessionVariables.TokenVariable], kind, content, test, template), cancellationToken);

    /// <summary>As a test process asks for a template that it defines.</summary>
    public Task DefineAsync(TemplateDefinition definition, LeaseKind kind = LeaseKind.Schema)
        => DefinitionClient.EnsureAsync(
            new SessionVariables(variables[SessionVariables.IdVariable], Endpoint, variables[SessionVariables.TokenVariable]), definition, kind, "a test", CancellationToken.None);

    /// <summary>Waits until the keeper has said something of that text.</summary>
    public Task WaitForLogAsync(string text)
        => Eventually.TrueAsync(() => Task.FromResult(log.Entries.Any(entry => entry.Message.Contains(text, StringComparison.Ordinal))));

    /// <summary>Until a collector would let the tests start.</summary>
    public Task WaitUntilTestsMayStartAsync() => session.WaitUntilTestsMayStartAsync();

    /// <summary>As a collector tells it.</summary>
    public void StartTest(string name) => session.FailedTests!.Tell(new TestCase(name, $"Some.Namespace.{name}", string.Empty, Outcome: null), _ => { });

    /// <returns>What is to be attached to the result of a failed test; null for nothing.</returns>
    public async Task<string?> FailTestAsync(string name)
    {
        var looked = new TaskCompletionSource<string?>();
        session.FailedTests!.Tell(new TestCase(name, $"Some.Namespace.{name}", string.Empty, "Failed"), looked.SetResult);
        return await looked.Task is { } file ? await File.ReadAllTextAsync(file) : null;
    }

    /// <summary>Waits until the keeper has heard of a release.</summary>
    public Task WaitForReleaseAsync() => Eventually.TrueAsync(() => Task.FromResult(session.FailedTests!.Withheld > 0));

    public Task WaitUntilKeptAsync() => Eventually.TrueAsync(() => Task.FromResult(session.FailedTests!.Kept.Count > 0));

    public void PassTest(string name) => session.FailedTests!.Tell(new TestCase(name, $"Some.Namespace.{name}", string.Empty, "Passed"), _ => { });

    public Task<SessionReport> EndAsync(bool isOrphaned = false) => ended ??= session.EndAsync(isOrphaned);

    /// <summary>Ends the session, and asks both its report and the server what is left.</summary>
    public async Task AssertEndsWithNothingLeftAsync(ServerAddress server)
    {
        var report = await EndAsync();

        Assert.Equal(0, report.Counts.Left);
        Assert.Equal("0", await Psql.RunAsync(server, "postgres", $"select count(*) from pg_database where datname like 'si\\__\\_{Id}\\_%'"));
    }

    public async ValueTask DisposeAsync() => await EndAsync();
}
