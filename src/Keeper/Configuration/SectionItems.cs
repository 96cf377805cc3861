using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace SchemaIsolation.Keeper.Configuration;

/// <summary>Reads a section that stands for one thing, or for a list of them.</summary>
internal static class SectionItems
{
    /// <returns>What is numbered from 0 in it; itself where that is not all there is.</returns>
    public static IReadOnlyList<IConfigurationSection> Of(IConfigurationSection section)
    {
        var children = section.GetChildren().ToList();
        return children.Count > 0 && children.All(child => int.TryParse(child.Key, NumberStyles.None, CultureInfo.InvariantCulture, out _)) ? children : [section];
    }
}
