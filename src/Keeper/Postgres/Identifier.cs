namespace SchemaIsolation.Keeper.Postgres;

/// <summary>A name as SQL text.</summary>
internal static class Identifier
{
    public static string Quote(string name)
    {
        // The protocol ends its strings at a NUL, so what followed it would be cut off unseen.
        if (name.Contains('\0', StringComparison.Ordinal))
            throw new ArgumentException("A PostgreSQL identifier holds no NUL character.", nameof(name));

        return $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }
}
