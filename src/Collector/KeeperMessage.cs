using System.Xml.Linq;

namespace SchemaIsolation.Collector;

/// <summary>A line between collector and keeper: one XML element whose attributes carry the text, so that it never breaks a line.</summary>
internal sealed class KeeperMessage
{
    private readonly XElement element;

    private KeeperMessage(XElement element) => this.element = element;

    public string Name => element.Name.LocalName;

    public string this[string attribute] => element.Attribute(attribute)?.Value ?? string.Empty;

    public static KeeperMessage Parse(string line) => new(XElement.Parse(line));

    public static string Format(string name, params XAttribute[] attributes)
        => new XElement(name, attributes).ToString(SaveOptions.DisableFormatting);
}
