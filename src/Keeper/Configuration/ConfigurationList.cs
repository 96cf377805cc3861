using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace SchemaIsolation.Keeper.Configuration;

/// <summary>A list in a layer: one text with semicolons, or children numbered from 0.</summary>
internal static class ConfigurationList
{
    /// <returns>Null when it is neither.</returns>
    public static IReadOnlyList<string>? TryRead(IConfigurationSection section)
    {
        var children = section.GetChildren().ToList();
        if (children.Count == 0)
            return (section.Value ?? string.Empty).Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return IsNumbered(children) ? [.. children.Select(child => child.Value ?? string.Empty)] : null;
    }

    /// <returns>The sections of a list, or the one there is.</returns>
    public static IReadOnlyList<IConfigurationSection> Sections(IConfigurationSection section)
    {
        var children = section.GetChildren().ToList();
        return children.Count > 0 && IsNumbered(children) ? children : [section];
    }

    private static bool IsNumbered(IEnumerable<IConfigurationSection> children)
        => children.All(child => int.TryParse(child.Key, NumberStyles.None, CultureInfo.InvariantCulture, out _));
}
