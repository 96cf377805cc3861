using System;
using System.Collections.Generic;
using System.Linq;
using System.Xml;
using Microsoft.VisualStudio.TestPlatform.ObjectModel;
using Microsoft.VisualStudio.TestPlatform.ObjectModel.DataCollection;

namespace SchemaIsolation.Collector;

/// <summary>VSTest's side of a session: starts the keeper, holds its life line, hands on what it says.</summary>
/// <remarks>No SQL and no dependency here: all collectors of a run share one process and one load context.</remarks>
[DataCollectorFriendlyName("SchemaIsolation")]
[DataCollectorTypeUri("datacollector://schemaisolation/collector/v1")]
public sealed class SchemaIsolationCollector : DataCollector, ITestExecutionEnvironmentSpecifier
{
    private const string RefusalVariable = "SCHEMAISOLATION_REFUSAL";

    // Both count from the keeper's last sign of life. It bounds each of its own steps; this only keeps a keeper that hangs from hanging the run.
    private static readonly TimeSpan ReadySilenceLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan EndSilenceLimit = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan LookSilenceLimit = TimeSpan.FromSeconds(30);

    private DataCollectionContext context = null!; // VSTest calls Initialize first and once.
    private DataCollectionEvents? events;
    private DataCollectionLogger? logger;
    private DataCollectionSink? sink;
    private KeeperProcess? keeper;
    private string? refusal;

    /// <inheritdoc/>
    public override void Initialize(
        XmlElement? configurationElement,
        DataCollectionEvents events,
        DataCollectionSink dataSink,
        DataCollectionLogger logger,
        DataCollectionEnvironmentContext? environmentContext)
    {
        this.events = events;
        this.logger = logger;
        sink = dataSink;
        context = environmentContext!.SessionDataCollectionContext;
        events.SessionEnd += OnSessionEnd;
        try
        {
            keeper = KeeperProcess.Start(configurationElement?.OuterXml ?? "<Configuration/>", OnMessage);
        }
        catch (Exception exception)
        {
            // The adapter's only catch-all: VSTest swallows what a collector throws, and the run would be green without a session.
            Refuse($"SI1003: The keeper could not be started. The collector runs \"dotnet\" on the keeper in its package; restore the package again, and have dotnet on PATH or DOTNET_ROOT set: {exception.Message}");
        }
    }

    /// <inheritdoc/>
    public IEnumerable<KeyValuePair<string, string>> GetTestExecutionEnvironmentVariables()
    {
        var ready = keeper is not null && keeper.WaitUntilReady(ReadySilenceLimit);
        if (!ready && refusal is null)
            Refuse($"SI1003: The keeper ended, or was silent for {ReadySilenceLimit.TotalSeconds:0} s, before it was ready; the session could not start.");

        // VSTest asks only after this whether anybody wants to be told of each test, which costs each test a round trip.
        if (ready && keeper!.WantsTests)
        {
            events!.TestCaseStart += OnTestCaseStart;
            events.TestCaseEnd += OnTestCaseEnd;
        }

        // Also of a session that is refused: what it injects leads nowhere then, where a test without it would find its own settings' database.
        var variables = keeper?.Environment ?? [];
        return refusal is null ? variables : [.. variables.Where(variable => variable.Key != RefusalVariable), new(RefusalVariable, refusal)];
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        keeper?.Dispose();
        base.Dispose(disposing);
    }

    private void OnSessionEnd(object? sender, SessionEndEventArgs e)
    {
        if (keeper is not null && refusal is null && !keeper.End(EndSilenceLimit))
            logger!.LogError(context, "SI3004: The keeper ended, or did not answer, before it had swept the session. The next session's start sweeps what is left");
    }

    private void OnTestCaseStart(object? sender, TestCaseStartEventArgs e)
        => keeper!.StartTest(e.TestElement!.Id, e.TestElement.FullyQualifiedName, e.TestElement.DisplayName);

    // VSTest takes a test's attachments when this returns, and until then no other test can end.
    private void OnTestCaseEnd(object? sender, TestCaseEndEventArgs e)
    {
        var file = keeper!.EndTest(
            e.TestElement!.Id, e.TestElement.FullyQualifiedName, e.TestElement.DisplayName, e.TestOutcome, LookSilenceLimit);
        if (file is { Length: > 0 })
            sink!.SendFileAsync(e.Context, file, deleteFile: true);
        if (file is not null)
            return;

        // Not again for each that fails.
        events!.TestCaseStart -= OnTestCaseStart;
        events.TestCaseEnd -= OnTestCaseEnd;
        logger!.LogWarning(context, $"SI2013: The keeper ended, or was silent for {LookSilenceLimit.TotalSeconds:0} s, while it looked at what the failed test \"{e.TestElement.DisplayName}\" left; nothing is attached to the results of this test and those after it");
    }

    private void OnMessage(KeeperMessage message)
    {
        switch (message.Name)
        {
            case "refusal":
                Refuse(message["text"]);
                break;
            case "error":
                logger!.LogError(context, Unended(message["text"]));
                break;
            case "warning":
                logger!.LogWarning(context, Unended(message["text"]));
                break;
            case "attachment":
                // VSTest moves the file into its results in the background; the keeper deletes its directory when we are gone.
                sink!.SendFileAsync(context, message["path"], deleteFile: true);
                break;
        }
    }

    private void Refuse(string reason)
    {
        refusal = reason;
        logger!.LogError(context, Unended(reason));
    }

    // VSTest ends each message with a full stop.
    private static string Unended(string text) => text.TrimEnd('.');
}
