using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Text;
using System.Threading;
using System.Xml;
using System.Xml.Linq;
using Microsoft.VisualStudio.TestPlatform.ObjectModel;

namespace SchemaIsolation.Collector;

/// <summary>The keeper of this session, and the life line to it: its standard input, which the kernel closes when this process dies.</summary>
internal sealed class KeeperProcess : IDisposable
{
    // A collected Process closes its pipes: the keeper would take that for our death.
    private static readonly ConcurrentBag<Process> Alive = [];

    private readonly Process process;
    private readonly StreamWriter input;
    private readonly Action<KeeperMessage> onMessage;
    private readonly Dictionary<string, string> environment = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, string> looked = new(StringComparer.Ordinal);
    private readonly AutoResetEvent heard = new(initialState: false);
    private volatile bool ready;
    private volatile bool endedInOrder;
    private volatile bool gone;

    private KeeperProcess(Process process, Action<KeeperMessage> onMessage)
    {
        this.process = process;
        this.onMessage = onMessage;
        input = new StreamWriter(process.StandardInput.BaseStream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false)) { AutoFlush = true };
    }

    /// <summary>What the keeper has said so far of the test host's environment; what it says later of a variable is what counts.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Environment
    {
        get
        {
            lock (environment)
                return [.. environment];
        }
    }

    public static KeeperProcess Start(string configuration, Action<KeeperMessage> onMessage)
    {
        var shell = Process.Start(KeeperStartInfo.Create())!;
        Alive.Add(shell);
        var keeper = new KeeperProcess(shell, onMessage);
        keeper.input.WriteLine(KeeperMessage.Format(
            "start",
            new XAttribute("configuration", configuration),
            new XAttribute("directory", Directory.GetCurrentDirectory())));
        new Thread(keeper.ReadMessages) { IsBackground = true, Name = "SchemaIsolation keeper" }.Start();
        return keeper;
    }

    /// <summary>Whether the keeper asks to be told of each test; known once it is ready.</summary>
    public bool WantsTests { get; private set; }

    /// <returns>False when the keeper has refused, ended, or been silent for longer than the limit.</returns>
    public bool WaitUntilReady(TimeSpan silenceLimit) => WaitUntil(() => ready, silenceLimit);

    public void StartTest(Guid id, string name, string displayName) => Tell(id, name, displayName);

    /// <param name="id">The same as at its start.</param>
    /// <param name="name">Its fully qualified name.</param>
    /// <param name="displayName">What its result is called.</param>
    /// <param name="outcome">Of one that failed it is waited for until the keeper has looked at what it left.</param>
    /// <param name="silenceLimit">How long the keeper may be silent meanwhile.</param>
    /// <returns>A file to attach to the test's result, empty for none; null when the keeper has ended, or been silent for longer than the limit.</returns>
    public string? EndTest(Guid id, string name, string displayName, TestOutcome outcome, TimeSpan silenceLimit)
    {
        Tell(id, name, displayName, new XAttribute("outcome", outcome));
        if (outcome != TestOutcome.Failed)
            return string.Empty;
        WaitUntil(() => looked.ContainsKey(id.ToString()), silenceLimit);
        return looked.TryRemove(id.ToString(), out var path) ? path : null;
    }

    /// <returns>False when the keeper has ended, or been silent for longer than the limit, without saying that the session has ended.</returns>
    public bool End(TimeSpan silenceLimit)
    {
        try
        {
            input.WriteLine(KeeperMessage.Format("end"));
        }
        catch (IOException)
        {
            return false;
        }

        return WaitUntil(() => endedInOrder, silenceLimit);
    }

    public void Dispose()
    {
        try
        {
            input.Dispose();
        }
        catch (IOException)
        {
            // The keeper has gone first; there is nothing left to close.
        }
    }

    private void Tell(Guid id, string name, string displayName, params XAttribute[] more)
    {
        try
        {
            input.WriteLine(KeeperMessage.Format("test", [new XAttribute("id", id), new XAttribute("name", Printable(name)), new XAttribute("display", Printable(displayName)), .. more]));
        }
        catch (IOException)
        {
            // The keeper is gone, which the end of the session says.
        }
    }

    // A test's arguments may hold what XML has no place for.
    private static string Printable(string text) => new([.. text.Select((character, i) => XmlConvert.IsXmlChar(character) || IsOfPair(text, i) ? character : '?')]);

    private static bool IsOfPair(string text, int i)
        => (i > 0 && char.IsSurrogatePair(text[i - 1], text[i])) || (i < text.Length - 1 && char.IsSurrogatePair(text[i], text[i + 1]));

    // A limit on silence, not on time: a sweep of what others left may take minutes, and the keeper says that it is at work.
    private bool WaitUntil(Func<bool> isSo, TimeSpan silenceLimit)
    {
        while (!isSo() && !gone && heard.WaitOne(silenceLimit))
        {
        }

        return isSo();
    }

    private void ReadMessages()
    {
        using var output = new StreamReader(process.StandardOutput.BaseStream, Encoding.UTF8);
        try
        {
            while (output.ReadLine() is { } line)
                Receive(KeeperMessage.Parse(line));
        }
#pragma warning disable RCS1075 // Empty on purpose: there is nobody left to tell.
        catch (Exception)
#pragma warning restore RCS1075
        {
            // The keeper is gone, or VSTest is and takes no message any more. An exception here would end the datacollector process
            // with all its other collectors; the flags below say what the keeper had finished.
        }

        gone = true;
        heard.Set();
    }

    private void Receive(KeeperMessage message)
    {
        switch (message.Name)
        {
            case "environment":
                lock (environment)
                    environment[message["name"]] = message["value"];
                break;
            case "tests":
                WantsTests = true;
                break;
            case "looked":
                looked[message["test"]] = message["path"];
                break;
            case "ready":
                ready = true;
                break;
            case "ended":
                endedInOrder = true;
                break;
            case "busy":
                break;
            default:
                onMessage(message);
                break;
        }

        heard.Set();
    }
}
