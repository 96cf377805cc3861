namespace SchemaIsolation.Bench.Suites;

/// <summary>The 13 tables of the sample Workflow.</summary>
internal static class WorkflowSuite
{
    private const string Pack = "(select id from packs where ref = $1)";
    private const string Runtime = "(select id from runtimes where ref = $1)";
    private const string Worker = "(select id from workers where name = $1)";
    private const string Action = "(select id from actions where ref = $1 || '.run')";
    private const string Trigger = "(select id from triggers where ref = $1 || '.on')";
    private const string Rule = "(select id from rules where ref = $1 || '.rule')";
    private const string Event = "(select id from events where trigger_ref = $1 || '.on')";
    private const string Identity = "(select id from identities where lower(login) = $1)";
    private const string Execution = "(select id from executions where action_ref = $1)";

    private static readonly Table Packs = new(
        "packs",
        "insert into packs (ref, label, version) values ($1, $1, '1.0.0')",
        "ref = $1",
        "label = label || '!'");

    private static readonly Table Runtimes = new(
        "runtimes",
        $"insert into runtimes (pack_id, ref, version, command) values ({Pack}, $1, '1', '{{sh}}')",
        "ref = $1",
        "version = version || '.1'");

    private static readonly Table Workers = new(
        "workers",
        $"insert into workers (runtime_id, name, host, port) values ({Runtime}, $1, $1, 8080)",
        "name = $1",
        "status = 'ready'");

    private static readonly Table Actions = new(
        "actions",
        $"insert into actions (pack_id, ref, label, entrypoint) values ({Pack}, $1 || '.run', $1, 'main')",
        "ref = $1 || '.run'",
        "enabled = not enabled");

    private static readonly Table Triggers = new(
        "triggers",
        $"insert into triggers (pack_id, ref, label) values ({Pack}, $1 || '.on', $1)",
        "ref = $1 || '.on'",
        "enabled = not enabled");

    private static readonly Table Rules = new(
        "rules",
        $"insert into rules (pack_id, trigger_id, action_id, ref) values ({Pack}, {Trigger}, {Action}, $1 || '.rule')",
        "ref = $1 || '.rule'",
        "enabled = not enabled");

    private static readonly Table Events = new(
        "events",
        $"insert into events (trigger_id, trigger_ref, payload) values ({Trigger}, $1 || '.on', jsonb_build_object('n', 1))",
        "trigger_ref = $1 || '.on'",
        "source = 'test'");

    private static readonly Table Enforcements = new(
        "enforcements",
        $"insert into enforcements (rule_id, rule_ref, event_id) values ({Rule}, $1, {Event})",
        $"event_id = {Event}",
        "status = 'processed'");

    private static readonly Table Identities = new(
        "identities",
        "insert into identities (login, roles) values ($1, '{user}')",
        "lower(login) = $1",
        "display_name = login");

    private static readonly Table Executions = new(
        "executions",
        $"insert into executions (action_id, action_ref, worker_id, requested_by) values ({Action}, $1, {Worker}, {Identity})",
        "action_ref = $1",
        "status = 'running'");

    private static readonly Table Inquiries = new(
        "inquiries",
        $"insert into inquiries (execution_id, prompt) values ({Execution}, $1)",
        $"execution_id = {Execution}",
        "prompt = prompt || '?'");

    private static readonly Table Keys = new(
        "keys",
        $"insert into keys (pack_id, name, value) values ({Pack}, $1, 'value')",
        "name = $1",
        "value = value || '!'");

    private static readonly Table Notifications = new(
        "notifications",
        $"insert into notifications (recipient_id, channel, subject) values ({Identity}, 'email', $1)",
        $"recipient_id = {Identity}",
        "state = 'sending'");

    public static Suite Create(string repositoryRoot) => new(
        Path.Combine(repositoryRoot, "samples", "Workflow", "migrations"),
        [Packs, Runtimes, Workers, Actions, Triggers, Rules, Events, Enforcements, Identities, Executions, Inquiries, Keys, Notifications],
        [
            [Packs, Runtimes, Workers, Keys],
            [Packs, Actions, Triggers, Rules],
            [Packs, Triggers, Events, Keys],
            [Packs, Actions, Identities, Notifications],
        ]);
}
