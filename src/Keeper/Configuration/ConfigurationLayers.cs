using System.Xml;
using System.Xml.Linq;
using Microsoft.Extensions.Configuration;

namespace SchemaIsolation.Keeper.Configuration;

/// <summary>Finds the sources of configuration. The order is the precedence: later wins.</summary>
internal static class ConfigurationLayers
{
    public const string FileName = "schemaisolation.json";
    public const string DotEnvFileName = ".env.test";
    public const string VariablePrefix = "SCHEMAISOLATION__";

    // VSTest adds this element to every collector's configuration.
    private const string AddedByVSTest = "Framework";

    /// <param name="projectDirectory">The test project's directory.</param>
    /// <param name="configurationXml">The collector's Configuration element; null when there is no collector.</param>
    /// <exception cref="SchemaIsolationException">SI1002: a source cannot be read.</exception>
    public static IReadOnlyList<ConfigurationLayer> Find(string projectDirectory, string? configurationXml)
    {
        var layers = new List<ConfigurationLayer>();
        var file = FindUpwards(projectDirectory);
        if (file is not null)
            layers.Add(ReadJson(file));

        var dotEnv = Path.Combine(file is null ? projectDirectory : Path.GetDirectoryName(file)!, DotEnvFileName);
        if (File.Exists(dotEnv))
            layers.Add(ReadDotEnv(dotEnv));

        layers.Add(new("the environment", projectDirectory, new ConfigurationBuilder().AddEnvironmentVariables(VariablePrefix).Build()));
        if (configurationXml is not null)
            layers.Add(ReadXml(configurationXml, projectDirectory));
        return layers;
    }

    private static string? FindUpwards(string directory)
        => ProjectTree.Upwards(directory).Select(above => Path.Combine(above, FileName)).FirstOrDefault(File.Exists);

    private static ConfigurationLayer ReadJson(string file)
    {
        try
        {
            var values = new ConfigurationBuilder().AddJsonFile(file, optional: false, reloadOnChange: false).Build();
            return new(file, Path.GetDirectoryName(file)!, values);
        }
        catch (Exception exception) when (exception is InvalidDataException or FormatException or IOException or UnauthorizedAccessException)
        {
            throw Unreadable(file, exception.InnerException ?? exception);
        }
    }

    private static ConfigurationLayer ReadDotEnv(string file)
    {
        try
        {
            // The file is the application's too: only what carries our prefix is ours.
            var values = DotEnvFile.Parse(File.ReadAllText(file))
                .Where(pair => pair.Key.StartsWith(VariablePrefix, StringComparison.OrdinalIgnoreCase))
                .Reverse() // Of two lines for a key the last counts, as in a shell.
                .Select(pair => KeyValuePair.Create(
                    pair.Key[VariablePrefix.Length..].Replace("__", ConfigurationPath.KeyDelimiter, StringComparison.Ordinal), (string?)pair.Value));
            return new(file, Path.GetDirectoryName(file)!, InMemory(values));
        }
        catch (Exception exception) when (exception is FormatException or IOException or UnauthorizedAccessException)
        {
            throw Unreadable(file, exception);
        }
    }

    private static ConfigurationLayer ReadXml(string configurationXml, string projectDirectory)
    {
        const string Origin = "the runsettings or --collect";
        try
        {
            var elements = XElement.Parse(configurationXml).Elements().Where(element => element.Name.LocalName != AddedByVSTest);
            return new(Origin, projectDirectory, InMemory(FlattenByName(elements, parent: null)));
        }
        catch (XmlException exception)
        {
            throw Unreadable(Origin, exception);
        }
    }

    private static IEnumerable<KeyValuePair<string, string?>> FlattenByName(IEnumerable<XElement> elements, string? parent)
        => elements
            .GroupBy(element => element.Name.LocalName, StringComparer.OrdinalIgnoreCase)
            .SelectMany(group => Flatten(parent is null ? group.Key : ConfigurationPath.Combine(parent, group.Key), [.. group]));

    /// <summary>An element that stands once is a value; one that is repeated is a list; what is in it or on it is a key below it.</summary>
    private static IEnumerable<KeyValuePair<string, string?>> Flatten(string key, IReadOnlyList<XElement> elements)
    {
        for (var i = 0; i < elements.Count; i++)
        {
            var path = elements.Count == 1 ? key : ConfigurationPath.Combine(key, i.ToString());
            foreach (var attribute in elements[i].Attributes())
                yield return KeyValuePair.Create(ConfigurationPath.Combine(path, attribute.Name.LocalName), (string?)attribute.Value);
            foreach (var below in HasNamedElements(key) ? FlattenByName(elements[i].Elements(), path) : FlattenByNumber(elements[i].Elements(), path))
                yield return below;
            if (!elements[i].HasElements)
                yield return KeyValuePair.Create(path, (string?)elements[i].Value.Trim());
        }
    }

    private static IEnumerable<KeyValuePair<string, string?>> FlattenByNumber(IEnumerable<XElement> elements, string parent)
        => elements.Select((element, number) => KeyValuePair.Create(ConfigurationPath.Combine(parent, number.ToString()), (string?)element.Value.Trim()));

    // Elsewhere the elements are a list, whatever they are called.
    private static bool HasNamedElements(string key) => key.Equals(OptionKey.Inject.Name, StringComparison.OrdinalIgnoreCase);

    private static IConfiguration InMemory(IEnumerable<KeyValuePair<string, string?>> values)
        => new ConfigurationBuilder().AddInMemoryCollection(values.DistinctBy(pair => pair.Key, StringComparer.OrdinalIgnoreCase)).Build();

    private static SchemaIsolationException Unreadable(string origin, Exception exception)
        => new("SI1002", $"The configuration in \"{origin}\" cannot be read. Correct it, or remove it to use the defaults: {exception.GetBaseException().Message}", exception);
}
