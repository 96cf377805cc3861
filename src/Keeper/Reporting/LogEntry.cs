namespace SchemaIsolation.Keeper.Reporting;

internal enum LogLevel
{
    Information,

    /// <summary>We coped.</summary>
    Warning,

    /// <summary>The run is red because of us.</summary>
    Error,
}

internal sealed record LogEntry(DateTimeOffset At, LogLevel Level, string Message);
