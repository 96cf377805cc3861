namespace SchemaIsolation.Keeper.Postgres;

/// <summary>Settings as a connection's options have them.</summary>
internal static class ServerOptions
{
    /// <summary>For connections over a network: how soon the server notices that the other end is gone without a word. Its own times are hours, in which nobody may sweep what is connected.</summary>
    /// <remarks>15 s of silence, then three questions 5 s apart; or 30 s in which what was sent is not received.</remarks>
    public const string KeepAlive = "-c tcp_keepalives_idle=15 -c tcp_keepalives_interval=5 -c tcp_keepalives_count=3 -c tcp_user_timeout=30000";

    /// <summary>A value as one word: the server splits options at spaces.</summary>
    public static string Escape(string value)
        => value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace(" ", "\\ ", StringComparison.Ordinal);
}
