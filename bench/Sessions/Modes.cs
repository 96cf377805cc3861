using SchemaIsolation.Keeper.Configuration;

namespace SchemaIsolation.Bench.Sessions;

/// <summary>The values of <see cref="Reuse"/>.</summary>
internal static class Modes
{
    public static IReadOnlyList<Reuse> All { get; } = Enum.GetValues<Reuse>();

    /// <summary>What a session does that is not told.</summary>
    public static Reuse Default { get; } = Enum.Parse<Reuse>(OptionKey.Reuse.Default.Trim('`'));
}
