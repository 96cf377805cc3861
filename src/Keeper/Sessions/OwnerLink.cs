using System.Text;
using System.Xml;
using System.Xml.Linq;
using SchemaIsolation.Keeper.Leases;
using SchemaIsolation.Keeper.Reporting;

namespace SchemaIsolation.Keeper.Sessions;

/// <summary>The keeper's side of the pipes to the collector: one XML element a line. Its end of file is the owner's death.</summary>
internal sealed class OwnerLink(Stream input, Stream output)
{
    private readonly StreamReader reader = new(input, Encoding.UTF8);
    private readonly object gate = new();

    /// <returns>What the session is started with, or null when the owner is gone.</returns>
    public async Task<(string Configuration, string Directory)?> ReadStartAsync()
        => await reader.ReadLineAsync() is { } line && XElement.Parse(line) is var start
            ? (Attribute(start, "configuration"), Attribute(start, "directory"))
            : null;

    /// <summary>Waits until the owner asks for the end, or is gone; the two are the same to a session.</summary>
    /// <param name="onTest">Told what the owner says of tests meanwhile, which it does where it is asked to.</param>
    /// <returns>False when the owner is gone, and nobody is there to be told how it ended.</returns>
    public async Task<bool> WaitForEndAsync(Action<TestCase>? onTest = null)
    {
        while (await reader.ReadLineAsync() is { } line)
        {
            // Half a line is what an owner has written that was killed meanwhile.
            if (TryParse(line) is not { } message)
                return false;
            if (message is not { Name.LocalName: "test" } test)
                return true;
            onTest?.Invoke(new TestCase(Attribute(test, "id"), Attribute(test, "name"), Attribute(test, "display"), (string?)test.Attribute("outcome")));
        }

        return false;
    }

    private static XElement? TryParse(string line)
    {
        try
        {
            return XElement.Parse(line);
        }
        catch (XmlException)
        {
            return null;
        }
    }

    public void SendVariable(string name, string value) => Send("environment", ("name", name), ("value", value));

    /// <summary>Asks the owner to tell of each test; to be said before it is told that it is ready.</summary>
    public void SendWantsTests() => Send("tests");

    public void SendReady() => Send("ready");

    /// <summary>Answers the end of a failed test, for which the owner waits.</summary>
    /// <param name="id">The test's.</param>
    /// <param name="path">What is to be attached to its result; null for nothing.</param>
    public void SendLooked(string id, string? path) => Send("looked", ("test", id), ("path", path ?? string.Empty));

    public void SendRefusal(SchemaIsolationException reason) => Send("refusal", ("text", reason.Message));

    public void SendAttachment(string path) => Send("attachment", ("path", path));

    public void SendEnded() => Send("ended");

    /// <summary>Information is in the report; of it the owner hears only that the keeper is at work, for its patience has a limit.</summary>
    public void Send(LogEntry entry)
    {
        if (entry.Level == LogLevel.Information)
            Send("busy");
        else
            Send(entry.Level == LogLevel.Error ? "error" : "warning", ("text", entry.Message));
    }

    private void Send(string name, params (string Name, string Value)[] attributes)
    {
        var element = new XElement(name, attributes.Select(attribute => new XAttribute(attribute.Name, Printable(attribute.Value))));
        var line = Encoding.UTF8.GetBytes(element.ToString(SaveOptions.DisableFormatting) + "\n");
        try
        {
            lock (gate)
            {
                output.Write(line);
                output.Flush();
            }
        }
        catch (IOException)
        {
            // The owner is gone: nobody is there to be told, and its end of file ends the session.
        }
    }

    // XML has no place for some characters that a server's message may hold, and an environment variable none for a long one.
    private static string Printable(string text)
        => string.Concat(MessageText.Cut(text).EnumerateRunes().Where(rune => !rune.IsBmp || XmlConvert.IsXmlChar((char)rune.Value)));

    private static string Attribute(XElement element, string name) => (string?)element.Attribute(name) ?? string.Empty;
}
