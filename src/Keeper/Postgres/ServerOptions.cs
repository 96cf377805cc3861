namespace SchemaIsolation.Keeper.Postgres;

/// <summary>Settings as a connection's options have them.</summary>
internal static class ServerOptions
{
    /// <summary>A value as one word: the server splits options at spaces.</summary>
    public static string Escape(string value)
        => value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace(" ", "\\ ", StringComparison.Ordinal);
}
