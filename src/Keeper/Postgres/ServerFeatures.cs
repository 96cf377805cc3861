namespace SchemaIsolation.Keeper.Postgres;

/// <summary>What one version of PostgreSQL has and another has not: nothing else compares versions.</summary>
/// <remarks>
/// What the catalogues can be asked for themselves is asked there, and what can be measured is measured. All that is here is the same in
/// every version from <see cref="PostgresServer.OldestVersion"/> on, such as DROP DATABASE … WITH (FORCE), or stands below.
/// </remarks>
internal readonly record struct ServerFeatures(int MajorVersion)
{
    private const int FirstWithStrategies = 15;
    private const int FirstWithSetOption = 16;
    private const int FirstWithFileCopyMethod = 18;
    private const int FirstWithIoMethod = 18;

    public bool IsVersion(int majorVersion) => MajorVersion == majorVersion;

    public bool IsSupported => MajorVersion >= PostgresServer.OldestVersion;

    /// <summary>The ways to copy a database that can be asked for; none where the server has but one.</summary>
    /// <remarks>Its log's first: while a template is being measured, the copy after it does not pay for writing out what made the template.</remarks>
    public IReadOnlyList<CloneStrategy> CloneStrategies
        => HasFileCopyMethod ? [CloneStrategy.WalLog, CloneStrategy.FileCopy, CloneStrategy.FileClone]
            : HasStrategies ? [CloneStrategy.WalLog, CloneStrategy.FileCopy]
            : [];

    /// <summary>Whether CREATE DATABASE knows STRATEGY.</summary>
    public bool HasStrategies => MajorVersion >= FirstWithStrategies;

    /// <summary>Whether a setting says how files are copied.</summary>
    public bool HasFileCopyMethod => MajorVersion >= FirstWithFileCopyMethod;

    /// <summary>Whether a member of a role may act as it only where that was granted.</summary>
    public bool HasSetOption => MajorVersion >= FirstWithSetOption;

    /// <summary>Whether reading files can be left to workers, which tests do not need.</summary>
    public bool HasIoMethod => MajorVersion >= FirstWithIoMethod;
}
