using System.Globalization;

namespace SchemaIsolation.Keeper.Reporting;

/// <summary>What the keeper says: each message is a method. All of it is in the report; warnings and errors are told at once.</summary>
internal sealed class KeeperLog(TimeProvider time, Action<LogEntry> onEntry)
{
    private readonly object gate = new();
    private readonly List<LogEntry> entries = [];

    public IReadOnlyList<LogEntry> Entries
    {
        get
        {
            lock (gate)
                return [.. entries];
        }
    }

    public void Started(string session, string server, string version, bool isEmbedded, string reason, int migrations, TimeSpan elapsed)
        => Information($"Session {session} started on {(isEmbedded ? "the embedded server" : server)}, PostgreSQL {version} ({reason}), with {migrations} migration and seed files ({Milliseconds(elapsed)}).");

    public void ServerDataLost(string reason)
        => Information($"The embedded server's data was made anew, and templates are built again: {reason}");

    public void TemplateReady(string template, string database, string kind, bool isReused, TimeSpan elapsed)
        => Information($"{(isReused ? "Reused" : "Built")} {kind} template \"{template}\" as {database} ({Milliseconds(elapsed)}).");

    public void MigratorWrote(string line) => Information($"Migrator: {line}");

    public void SchemasRefused(string template, SchemaIsolationException reason, bool hasDatabases)
        => Information($"{(hasDatabases ? "IsolatedSchema leases databases" : "IsolatedSchema is refused")} for template \"{template}\". {reason.Message}");

    public void InjectionGoesOn(IReadOnlyCollection<string> variables, TimeSpan elapsed)
        => Information($"Making the database for {Name(variables)} since {Milliseconds(elapsed)}; the tests start when it is there.");

    public void Injected(string database, IReadOnlyCollection<string> variables, TimeSpan elapsed)
        => Information($"Made database {database} for {Name(variables)} ({Milliseconds(elapsed)}).");

    public void LockRetaken(TimeSpan elapsed)
        => Information($"The server had cut the session off; it goes on after {Milliseconds(elapsed)}.");

    public void SchemaLockRetaken(string database, TimeSpan elapsed)
        => Information($"The server had cut off what says that the session is alive in database \"{database}\"; it is said again after {Milliseconds(elapsed)}.");

    public void LeftoversSwept(int dropped, int kept, TimeSpan elapsed)
        => Information($"Swept {dropped} leftovers of dead sessions, kept {kept} that somebody is connected to or at work in ({Milliseconds(elapsed)}).");

    public void LeftoverNotDropped(string failure)
        => Warning($"SI3002: A leftover of a dead session could not be dropped; the next session tries again: {failure}");

    public void TemplatesCollected(IReadOnlyCollection<string> templates, TimeSpan elapsed)
        => Information($"Dropped {templates.Count} templates that no session has used for long: {string.Join(", ", templates)} ({Milliseconds(elapsed)}).");

    public void TemplateNotCollected(string failure)
        => Warning($"SI3009: A template that no session has used for long could not be dropped; the next session tries again: {failure}");

    public void SchemaSweepWaits(string database)
        => Information($"Waiting for another session, which sweeps the schemas in database \"{database}\".");

    public void SchemaSweepGoesOn(string database, int dropped, int kept, int found)
        => Information($"Sweeping the schemas in database \"{database}\": {dropped} of {found} dropped, {kept} kept so far.");

    public void SchemasSwept(string database, int dropped, int kept, TimeSpan elapsed)
        => Information($"Swept the schemas in database \"{database}\": {dropped} dropped, {kept} kept ({Milliseconds(elapsed)}).");

    public void SchemasLeftToOthers(string database)
        => Information($"Swept no schema in database \"{database}\": another session is alive there.");

    public void SchemasKept(string database, IReadOnlyCollection<string> schemas, string firstReason)
        => Warning($"SI3008: {schemas.Count} schemas in database \"{database}\" match a Sweep rule and were kept: {Name(schemas)}. Each one's reason is in the report; the first one's: {firstReason}");

    public void SlotNotDropped(string failure)
        => Warning($"SI3003: A used slot could not be dropped while the session ran; its end drops it: {failure}");

    public void DirectoryNotDeleted(string failure)
        => Warning($"SI3005: The directory of the session could not be deleted. Delete it by hand when nothing writes there any more: {failure}");

    public void LeasesCut(int count, IReadOnlyCollection<string> unreleased)
        => Warning($"SI2006: {count} leases were still held when the session ended, and were taken back. Dispose leases before the test process ends its run. Never released: {Name(unreleased)}.");

    public void TransactionsLeft(int leases, IReadOnlyCollection<string> tests)
        => Warning($"SI2007: {leases} leases left connections in a transaction when they were released. Commit or roll back, and close connections, before the lease is disposed. Left by {Name(tests)}.");

    public void ObjectsMadeOutside(IReadOnlyCollection<string> objects, IReadOnlyCollection<string> tests)
        => Warning($"SI2008: Tests made objects outside their schema: {Name(objects)}. Where schemas share a database, other tests meet them; else each costs a new slot. Make them in the leased schema, or lease with IsolatedDatabase. They went with the session's database. Made by {Name(tests)}.");

    public void SummaryNotWritten(string file, string failure)
        => Warning($"SI3010: The summary of the run could not be appended to \"{file}\", which {StepSummary.Variable} names. All of it is in the attached report: {failure}");

    public void HistoryNotKept(string failure)
        => Warning($"SI3011: The history of this project's runs could not be read or written as a whole; the report compares with the runs that it has: {failure}");

    public void Kept(string database, string test, DateTimeOffset until)
        => Information($"Kept database {database} of failed test \"{test}\" until {until:u}.");

    public void NotKept(string test, string reason)
        => Warning($"SI2013: What a lease of failed test \"{test}\" holds could not be kept, or not be looked at: {reason}");

    public void Failed(SchemaIsolationException reason) => Error(reason.Message);

    public void Left(IReadOnlyCollection<string> names, IReadOnlyCollection<string> failures)
        => Error($"SI3001: {names.Count} databases or schemas of the session are left on the server: {string.Join(", ", names)}. The next session's start, or the keeper's command \"sweep\", drops them. {string.Join(" ", failures)}".TrimEnd());

    public void Ended(int leases, int made, int dropped, int kept, int left, TimeSpan elapsed)
        => Information($"Session ended: {leases} leases, {made} slots made, {dropped} dropped, {(kept > 0 ? $"{kept} kept of failed tests, " : string.Empty)}{left} left over ({Milliseconds(elapsed)}).");

    private static string Name(IReadOnlyCollection<string> names) => MessageText.List([.. names.Select(name => $"\"{name}\"")]);

    private static string Milliseconds(TimeSpan elapsed) => string.Create(CultureInfo.InvariantCulture, $"{elapsed.TotalMilliseconds:0} ms");

    private void Information(string message) => Add(LogLevel.Information, message);

    private void Warning(string message) => Add(LogLevel.Warning, message);

    private void Error(string message) => Add(LogLevel.Error, message);

    private void Add(LogLevel level, string message)
    {
        var entry = new LogEntry(time.GetUtcNow(), level, message);
        lock (gate)
            entries.Add(entry);
        onEntry(entry);
    }
}
