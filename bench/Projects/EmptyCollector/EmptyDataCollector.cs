using System.Xml;
using Microsoft.VisualStudio.TestPlatform.ObjectModel.DataCollection;

namespace EmptyCollector;

/// <summary>Does nothing: what is left is what a collector costs as such.</summary>
[DataCollectorFriendlyName("Empty")]
[DataCollectorTypeUri("datacollector://SchemaIsolation/Bench/Empty")]
public sealed class EmptyDataCollector : DataCollector
{
    public override void Initialize(
        XmlElement? configurationElement, DataCollectionEvents events, DataCollectionSink dataSink, DataCollectionLogger logger, DataCollectionEnvironmentContext? environmentContext)
    {
    }
}
