using SchemaIsolation.Wire;

namespace SchemaIsolation.Keeper.Leases;

/// <summary>What is known of a lease, during and after it.</summary>
internal sealed record LeaseRecord(int Number, string Test, LeaseKind Kind, LeaseContent Content)
{
    public required string Slot { get; init; }

    public required DateTimeOffset LeasedAt { get; init; }

    /// <summary>From the request until the grant.</summary>
    public required TimeSpan Waited { get; init; }

    /// <summary>Null while it is held.</summary>
    public TimeSpan? Held { get; init; }

    /// <summary>False when it ended with the test process, or with the session, instead of by a release.</summary>
    public bool IsReleased { get; init; }

    /// <summary>The test whose code ended the transaction it was to be rolled back in; null when none did.</summary>
    public string? DirtiedBy { get; init; }
}
