namespace SchemaIsolation.Keeper.Configuration;

/// <summary>A legal key, as README's table of options shows it.</summary>
internal sealed record OptionKey(string Name, string Legal, string Default, string Meaning)
{
    public static readonly OptionKey Server = new(
        nameof(Options.Server),
        "Npgsql keywords (`Host=…;Username=…`), an address (`postgres://user@host:5432`), or `env:` and the name of an environment variable that holds either",
        "an embedded server",
        "The PostgreSQL server, 14 to 18. Without it the keeper starts one; see [Servers](#servers).");

    public static readonly OptionKey PasswordCommand = new(
        nameof(Options.PasswordCommand),
        "a program and its arguments",
        "none",
        "Prints the password for `Server` on its first line; run again every 5 minutes, and when the server refuses what it printed; see [passwords](docs/servers.md#passwords).");

    public static readonly OptionKey MaintenanceDatabase = new(
        nameof(Options.MaintenanceDatabase),
        "a database name, 1 to 63 bytes",
        "`postgres`",
        "The database the keeper connects to for creating and dropping others.");

    public static readonly OptionKey SharedDatabase = new(
        nameof(Options.SharedDatabase),
        "a database name, 1 to 63 bytes",
        "none",
        "For a role that may not create databases: the one in which slots are schemas; see [Without CREATE DATABASE](#without-create-database).");

    public static readonly OptionKey TestDatabase = new(
        nameof(Options.TestDatabase),
        "a database name, 1 to 63 bytes",
        "none",
        "A migrated database that stays between runs, for [the tool](#the-tool) alone: tests get their own.");

    public static readonly OptionKey TestRole = new(
        nameof(Options.TestRole),
        "a role's name, 1 to 63 bytes",
        "the keeper's own role",
        "Whose rights tests have in migrated leases, so that they meet the grants of your migrations; made once, without any right, when there is none.");

    public static readonly OptionKey ServerBinaries = new(
        nameof(Options.ServerBinaries),
        "a directory that holds `initdb`, `pg_ctl` and `postgres`",
        "looked for on the machine",
        "The PostgreSQL binaries of the embedded server.");

    public static readonly OptionKey ServerVersion = new(
        nameof(Options.ServerVersion),
        "a major version, 14 to 18",
        "the newest at hand",
        "Which PostgreSQL is started; one that `Server` names is refused when it is another.");

    public static readonly OptionKey KeepServer = new(
        nameof(Options.KeepServer),
        "a time span, `00:00:00` to `12:00:00`",
        "`00:00:00`",
        "How long the embedded server runs on after the last session, for the next run.");

    public static readonly OptionKey ServerDirectory = new(
        nameof(Options.ServerDirectory),
        "a directory",
        "the user's cache directory; `/var/cache/schema-isolation` for root",
        "Where embedded servers keep their programs and data between runs, and the [report](docs/report.md#earlier-runs) its history. When root runs the tests, the user `postgres` (or `nobody`) must be able to reach it.");

    public static readonly OptionKey Migrations = new(
        nameof(TemplateOptions.Migrations),
        "folders of `.sql` files",
        "the folder `migrations` or `db/migrations` of the test project, of a project it references, or of a directory above",
        "Applied in order, each folder sorted as its tool sorts it.");

    public static readonly OptionKey Seeds = new(
        nameof(TemplateOptions.Seeds),
        "`.sql` files, or folders of them",
        "none",
        "Applied after the migrations; every test starts with their rows.");

    public static readonly OptionKey Migrate = new(
        nameof(TemplateOptions.Migrate),
        "a `Command`, and `Inputs`: patterns of files with `*` and `**`, separated by `;`",
        "none",
        "A program that migrates, run before `Migrations` and `Seeds`; see [Migrators](#migrators).");

    public static readonly OptionKey Template = new(
        "Template",
        "templates of `Name` and any of `From`, `Command` with `Inputs`, `Migrations`, `Seeds`",
        "none",
        "Further templates, for leases that name one; see [Templates](#templates).");

    public static readonly OptionKey MigrationTimeout = new(
        nameof(Options.MigrationTimeout),
        "a time span, `00:00:01` to `01:00:00`",
        "`00:05:00`",
        "The longest that one migration or seed file may take, or a migrator.");

    public static readonly OptionKey Isolation = new(
        nameof(Options.Isolation),
        "`Auto`, `Schema` or `Database`",
        "`Auto`",
        "What a migrated `IsolatedSchema` lease gets: a schema, a database, or a schema where that is proved to hold and else a database; see [Leases](#leases).");

    public static readonly OptionKey Reuse = new(
        nameof(Options.Reuse),
        "`Never`, `Fenced` or `Warm`",
        "`Fenced`",
        "What becomes of a released slot; see [Slots](#slots).");

    public static readonly OptionKey TemplateCopies = new(
        nameof(Options.TemplateCopies),
        "a count, 1 to 64",
        "8",
        "With `Reuse` `Never`: how many ready copies of the schema the template holds; slots are cloned that many at a time.");

    public static readonly OptionKey TemplateTtl = new(
        nameof(Options.TemplateTtl),
        "a time span, `00:01:00` to `365.00:00:00`",
        "`7.00:00:00`",
        "How long a template is kept that no session uses; see [Templates](#templates).");

    public static readonly OptionKey MaxTemplates = new(
        nameof(Options.MaxTemplates),
        "a count, 1 to 10000",
        "32",
        "How many templates are kept on the server; beyond it, those go that were not used for longest.");

    public static readonly OptionKey MinSlots = new(
        nameof(Options.MinSlots),
        "a count, 0 to 1000",
        "0",
        "How many migrated slots are made when the session starts, without waiting for a lease: schemas, or databases where migrations cannot be run into schemas and slots are used again.");

    public static readonly OptionKey MaxSlots = new(
        nameof(Options.MaxSlots),
        "a count, 1 to 1000",
        "64",
        "How many leases may be held at once; a further one waits. Fewer where the server's connections do not suffice.");

    public static readonly OptionKey LeaseTimeout = new(
        nameof(Options.LeaseTimeout),
        "a time span, `00:00:01` to `01:00:00`",
        "`00:01:00`",
        "How long a lease waits for one of `MaxSlots` before it is refused.");

    public static readonly OptionKey KeepFailed = new(
        nameof(Options.KeepFailed),
        "a count, 0 to 100",
        "0",
        "Of how many failed tests the databases are kept, to be looked at; see [What a failed test leaves](#what-a-failed-test-leaves).");

    public static readonly OptionKey KeepFailedFor = new(
        nameof(Options.KeepFailedFor),
        "a time span, `00:00:01` to `365.00:00:00`",
        "`1.00:00:00`",
        "How long they are kept; the first session or `sweep` after that drops them.");

    public static readonly OptionKey Sweep = new(
        nameof(Options.Sweep),
        "rules of `Database`, `Schemas` (patterns with `*` and `?`, separated by `;`) and perhaps `AllowDatabase`",
        "none",
        "Schemas that suites make themselves, dropped when no session is alive on their database.");

    public static readonly OptionKey Inject = new(
        nameof(Options.Inject),
        "`ConnectionString` (its `Name`), `Variable` (its `Name`, perhaps its `Format`) and `Libpq`, each as often as needed",
        "none",
        "Environment variables in which tests find a migrated database of this run; see [Existing suites](#existing-suites).");

    /// <summary>In the order of README's table.</summary>
    public static IReadOnlyList<OptionKey> All { get; } =
    [
        Server, PasswordCommand, MaintenanceDatabase, SharedDatabase, TestDatabase, TestRole, ServerVersion, ServerBinaries, ServerDirectory, KeepServer,
        Migrations, Seeds, Migrate, Template, MigrationTimeout,
        Isolation, Reuse, TemplateCopies, TemplateTtl, MaxTemplates, MinSlots, MaxSlots, LeaseTimeout,
        KeepFailed, KeepFailedFor, Sweep, Inject,
    ];

    /// <summary>The legal key most like a wrong one: by the fewest letters inserted, deleted or replaced.</summary>
    public static string Nearest(string wrong) => All.MinBy(key => Distance(wrong.ToUpperInvariant(), key.Name.ToUpperInvariant()))!.Name;

    // Levenshtein's distance, one row at a time.
    private static int Distance(string from, string to)
    {
        var row = Enumerable.Range(0, to.Length + 1).ToArray();
        for (var i = 1; i <= from.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= to.Length; j++)
            {
                var replaced = diagonal + (from[i - 1] == to[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(replaced, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[^1];
    }
}
