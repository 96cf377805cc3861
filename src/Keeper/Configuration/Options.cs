using SchemaIsolation.Keeper.Postgres;

namespace SchemaIsolation.Keeper.Configuration;

/// <summary>All that a session was asked for, validated as a whole. Made by <see cref="OptionsReader"/>.</summary>
internal sealed record Options
{
    /// <summary>Where the configuration was looked for: the test project's directory.</summary>
    public required string ProjectDirectory { get; init; }

    /// <summary>Null for the embedded server.</summary>
    public ServerAddress? Server { get; init; }

    /// <summary>Which of the sources named the server; null for the embedded one.</summary>
    public string? ServerOrigin { get; init; }

    /// <summary>The major version that the server has to be of; null for any that works.</summary>
    public int? ServerVersion { get; init; }

    /// <summary>How long the embedded server runs on when nobody uses it any more.</summary>
    public TimeSpan KeepServer { get; init; } = TimeSpan.Zero;

    /// <summary>What prints the password of the server's role; null where it needs none, or has one that lasts.</summary>
    public PasswordCommand? PasswordCommand { get; init; }

    /// <summary>Whose rights tests have in migrated leases; null for the keeper's own.</summary>
    public string? TestRole { get; init; }

    public string MaintenanceDatabase { get; init; } = "postgres";

    /// <summary>The database in which slots are schemas, for a role that may not create databases; null for one that may.</summary>
    public string? SharedDatabase { get; init; }

    /// <summary>The project's own database, which stays between runs; null for none.</summary>
    public string? TestDatabase { get; init; }

    /// <summary>Null to look for the binaries where packages and installers put them.</summary>
    public string? ServerBinaries { get; init; }

    public required string ServerDirectory { get; init; }

    /// <summary>The default one first. It is empty when nothing is configured and nothing was found.</summary>
    public IReadOnlyList<TemplateOptions> Templates { get; init; } = [new(TemplateOptions.DefaultName)];

    public TemplateOptions DefaultTemplate => Templates[0];

    public TimeSpan MigrationTimeout { get; init; } = TimeSpan.FromMinutes(5);

    public Isolation Isolation { get; init; } = Isolation.Auto;

    public Reuse Reuse { get; init; } = Reuse.Fenced;

    public int TemplateCopies { get; init; } = 8;

    /// <summary>How long a template is kept that nobody uses.</summary>
    public TimeSpan TemplateTtl { get; init; } = TimeSpan.FromDays(7);

    /// <summary>How many templates are kept.</summary>
    public int MaxTemplates { get; init; } = 32;

    public int MinSlots { get; init; }

    public int MaxSlots { get; init; } = 64;

    public TimeSpan LeaseTimeout { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Of how many failed tests the slots are kept.</summary>
    public int KeepFailed { get; init; }

    /// <summary>How long they are kept.</summary>
    public TimeSpan KeepFailedFor { get; init; } = TimeSpan.FromDays(1);

    /// <summary>Where suites make schemas of their own; several rules may name one database.</summary>
    public IReadOnlyList<SweepRule> Sweep { get; init; } = [];

    /// <summary>Variables in which tests find a database of their run without a lease; empty when they look for none.</summary>
    public IReadOnlyList<InjectedVariable> Inject { get; init; } = [];
}
