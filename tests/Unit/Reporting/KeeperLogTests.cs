using SchemaIsolation.Keeper.Reporting;
using SchemaIsolation.Testing;

namespace SchemaIsolation.Tests.Unit.Reporting;

public sealed class KeeperLogTests
{
    private readonly ManualTimeProvider time = new();
    private readonly List<LogEntry> told = [];

    private LogEntry Told => Assert.Single(told);

    [Fact]
    public void An_entry_is_told_at_once_and_kept()
    {
        var log = Log();
        time.Advance(TimeSpan.FromSeconds(1));

        log.LeasesCut(2, ["A", "B"]);

        var entry = new LogEntry(
            new DateTimeOffset(2026, 1, 1, 0, 0, 1, TimeSpan.Zero),
            LogLevel.Warning,
            "SI2006: 2 leases were still held when the session ended, and were taken back. Dispose leases before the test process ends its run. Never released: \"A\", \"B\".");
        Assert.Equal([entry], told);
        Assert.Equal([entry], log.Entries);
    }

    [Fact]
    public void Entries_keep_their_order()
    {
        var log = Log();

        log.SlotNotDropped("a");
        log.SlotNotDropped("b");

        Assert.Equal(["a", "b"], log.Entries.Select(entry => entry.Message[^1..]));
    }

    [Fact]
    public void Entries_are_a_copy()
    {
        var log = Log();

        var before = log.Entries;
        log.LeasesCut(1, ["A"]);

        Assert.Empty(before);
    }

    [Fact]
    public void Collected_templates_are_named()
    {
        Log().TemplatesCollected(["si_t_0123456789abcdef (last used 2026-01-01 00:00 UTC, beyond MaxTemplates 2)"], TimeSpan.FromMilliseconds(12.6));

        Assert.Equal(LogLevel.Information, Told.Level);
        Assert.Equal("Dropped 1 templates that no session has used for long: si_t_0123456789abcdef (last used 2026-01-01 00:00 UTC, beyond MaxTemplates 2) (13 ms).", Told.Message);
    }

    [Fact]
    public void A_start_names_the_server()
    {
        Log().Started("0a1b2c3d", "db:5432", "15.18", isEmbedded: false, "Server is set in x.json", 3, TimeSpan.FromMilliseconds(12.6));

        Assert.Equal(LogLevel.Information, Told.Level);
        Assert.Equal("Session 0a1b2c3d started on db:5432, PostgreSQL 15.18 (Server is set in x.json), with 3 migration and seed files (13 ms).", Told.Message);
    }

    [Fact]
    public void A_start_on_the_embedded_server_does_not_name_its_socket()
    {
        Log().Started("0a1b2c3d", "/var/run", "15.18", isEmbedded: true, "started from \"/bin\"", 0, TimeSpan.Zero);

        Assert.Equal("Session 0a1b2c3d started on the embedded server, PostgreSQL 15.18 (started from \"/bin\"), with 0 migration and seed files (0 ms).", Told.Message);
    }

    [Theory]
    [InlineData(true, "Reused schema template \"default\" as si_t_0123456789abcdef (1500 ms).")]
    [InlineData(false, "Built schema template \"default\" as si_t_0123456789abcdef (1500 ms).")]
    public void A_template_is_built_or_reused(bool isReused, string message)
    {
        Log().TemplateReady("default", "si_t_0123456789abcdef", "schema", isReused, TimeSpan.FromSeconds(1.5));

        Assert.Equal(message, Told.Message);
    }

    [Fact]
    public void A_failure_is_an_error_with_its_code()
    {
        Log().Failed(new SchemaIsolationException("SI1101", "The server cannot be reached."));

        Assert.Equal(LogLevel.Error, Told.Level);
        Assert.Equal("SI1101: The server cannot be reached.", Told.Message);
    }

    [Fact]
    public void What_is_left_is_an_error_that_names_it_and_why()
    {
        Log().Left(["si_s_00000001_0", "si_d_00000001_1"], ["first: busy.", "second: busy."]);

        Assert.Equal(LogLevel.Error, Told.Level);
        Assert.Equal(
            "SI3001: 2 databases or schemas of the session are left on the server: si_s_00000001_0, si_d_00000001_1. "
            + "The next session's start, or the keeper's command \"sweep\", drops them. first: busy. second: busy.",
            Told.Message);
    }

    [Fact]
    public void What_is_left_without_a_reason_ends_with_a_full_stop()
    {
        Log().Left(["si_s_00000001_0"], []);

        Assert.EndsWith("drops them.", Told.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false, "IsolatedSchema is refused for template \"orders\". SI1208: The copies differ.")]
    [InlineData(true, "IsolatedSchema leases databases for template \"orders\". SI1208: The copies differ.")]
    public void A_refusal_of_schemas_is_information(bool hasDatabases, string told)
    {
        Log().SchemasRefused("orders", new SchemaIsolationException("SI1208", "The copies differ."), hasDatabases);

        Assert.Equal(LogLevel.Information, Told.Level);
        Assert.Equal(told, Told.Message);
    }

    [Fact]
    public void What_could_not_be_dropped_is_a_warning()
    {
        Log().LeftoverNotDropped("si_s_00000001_0: busy");

        Assert.Equal(LogLevel.Warning, Told.Level);
        Assert.Equal("SI3002: A leftover of a dead session could not be dropped; the next session tries again: si_s_00000001_0: busy", Told.Message);
    }

    [Fact]
    public void A_sweep_counts()
    {
        Log().LeftoversSwept(3, 1, TimeSpan.FromMilliseconds(40));

        Assert.Equal("Swept 3 leftovers of dead sessions, kept 1 that somebody is connected to or at work in (40 ms).", Told.Message);
    }

    [Fact]
    public void An_end_counts()
    {
        Log().Ended(10, 16, 16, kept: 0, left: 0, TimeSpan.FromMilliseconds(61));

        Assert.Equal(LogLevel.Information, Told.Level);
        Assert.Equal("Session ended: 10 leases, 16 slots made, 16 dropped, 0 left over (61 ms).", Told.Message);
    }

    [Fact]
    public void An_end_counts_what_is_kept_apart_from_what_is_left()
    {
        Log().Ended(10, 16, 14, kept: 2, left: 0, TimeSpan.FromMilliseconds(61));

        Assert.Equal("Session ended: 10 leases, 16 slots made, 14 dropped, 2 kept of failed tests, 0 left over (61 ms).", Told.Message);
    }

    [Fact]
    public void Connections_in_a_transaction_are_a_warning_that_names_the_first_tests()
    {
        Log().TransactionsLeft(6, ["A", "B", "C", "D", "E", "F"]);

        Assert.Equal(LogLevel.Warning, Told.Level);
        Assert.Equal(
            "SI2007: 6 leases left connections in a transaction when they were released. Commit or roll back, and close connections, before the lease is disposed. "
            + "Left by \"A\", \"B\", \"C\", \"D\", \"E\" and 1 more.",
            Told.Message);
    }

    [Fact]
    public void Objects_outside_are_a_warning_that_names_them_and_the_tests()
    {
        Log().ObjectsMadeOutside(["schema x", "table public.t"], ["PackTests.Creates"]);

        Assert.Equal(LogLevel.Warning, Told.Level);
        Assert.Equal(
            "SI2008: Tests made objects outside their schema: \"schema x\", \"table public.t\". Where schemas share a database, other tests meet them; else each costs a new slot. Make them in the leased schema, or lease with IsolatedDatabase. "
            + "They went with the session's database. Made by \"PackTests.Creates\".",
            Told.Message);
    }

    private KeeperLog Log() => new(time, told.Add);
}
