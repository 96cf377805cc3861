namespace SchemaIsolation.Keeper.Reporting;

internal enum ResetOutcome
{
    /// <summary>It was proved equal to one never used, and can be leased again.</summary>
    Ready,

    /// <summary>It was not, and was dropped; the report's list of retired slots says why.</summary>
    Retired,

    /// <summary>It is of those that are used once, or its test had dropped it.</summary>
    Dropped,

    /// <summary>It is left to the end of the session.</summary>
    Failed,
}
