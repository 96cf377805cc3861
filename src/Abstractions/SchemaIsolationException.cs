namespace SchemaIsolation;

/// <summary>A lease could not be had, a session could not do its work, or a transaction was broken, for a reason that has a code.</summary>
/// <remarks>The caller's own mistakes, such as a null body, are <see cref="ArgumentException"/> kinds instead.</remarks>
public sealed class SchemaIsolationException : Exception
{
    /// <summary>Creates the exception; its <see cref="Exception.Message"/> starts with the code.</summary>
    /// <param name="code">The code, such as <c>SI2001</c>. Codes are never reused or renumbered.</param>
    /// <param name="reason">What happened, the limit or legal values, and what to do.</param>
    /// <param name="innerException">The cause, or null when there is none.</param>
    public SchemaIsolationException(string code, string reason, Exception? innerException = null)
        : base($"{code}: {reason}", innerException)
    {
        Code = code;
        Reason = reason;
    }

    /// <summary>The code of the failure.</summary>
    /// <value><c>SI1…</c> configuration and server, <c>SI2…</c> leases and transactions, <c>SI3…</c> sweeping.</value>
    public string Code { get; }

    /// <summary>The message without its code.</summary>
    public string Reason { get; }
}
