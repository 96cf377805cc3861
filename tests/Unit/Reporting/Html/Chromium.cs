using System.Diagnostics;
using System.Net.WebSockets;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace SchemaIsolation.Tests.Unit.Reporting.Html;

/// <summary>A headless browser, asked over its own protocol. It is started for the first test that needs it.</summary>
public sealed class Chromium : IAsyncDisposable
{
    private static readonly string[] Programs = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

    // A guard against hangs.
    private static readonly TimeSpan TimeLimit = TimeSpan.FromSeconds(60);

    private readonly string directory = Directory.CreateTempSubdirectory("si-browser-").FullName;
    private readonly CancellationTokenSource timeLimit = new();
    private readonly ClientWebSocket socket = new();
    private readonly List<JsonNode> events = [];
    private Process? process;
    private int lastId;

    /// <summary>Opens a page that a browser's user has just written.</summary>
    /// <param name="content">The page.</param>
    /// <param name="scheme">"light" or "dark".</param>
    /// <param name="width">Of the window.</param>
    internal async Task<ChromiumPage> OpenAsync(string content, string scheme = "light", int width = 1280)
    {
        timeLimit.CancelAfter(TimeLimit);
        if (process is null)
            await StartAsync();
        var file = Path.Join(directory, $"{Guid.NewGuid():N}.html");
        await File.WriteAllTextAsync(file, content);
        return await ChromiumPage.OpenAsync(this, file, scheme, width);
    }

    /// <summary>What happened on a page since it was opened.</summary>
    internal IEnumerable<JsonNode> EventsOf(string session) => events.Where(found => (string?)found["sessionId"] == session);

    internal async Task<JsonNode> AskAsync(string method, JsonObject parameters, string? session = null)
    {
        var id = ++lastId;
        var request = new JsonObject { ["id"] = id, ["method"] = method, ["params"] = parameters };
        if (session is not null)
            request["sessionId"] = session;
        await socket.SendAsync(JsonSerializer.SerializeToUtf8Bytes(request), WebSocketMessageType.Text, endOfMessage: true, timeLimit.Token);
        while (true)
        {
            var message = await ReceiveAsync();
            if ((int?)message["id"] == id)
                return message["result"] ?? throw new InvalidOperationException($"{method}: {message["error"]}");
        }
    }

    /// <summary>Waits for something to happen on a page, if it has not yet.</summary>
    internal async Task WaitAsync(string method, string session)
    {
        while (!EventsOf(session).Any(found => (string?)found["method"] == method))
            await ReceiveAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (process is not null)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync();
            process.Dispose();
        }

        socket.Dispose();
        timeLimit.Dispose();
        try
        {
            Directory.Delete(directory, recursive: true);
        }
        catch (IOException)
        {
            // Of its children nobody waits for the end: one may still write into its profile, which is the temporary directory's then.
        }
    }

    private async Task StartAsync()
    {
        var program = Programs.FirstOrDefault(File.Exists);
        Assert.SkipWhen(program is null, "chromium is not installed: build/chromium.sh does so where it may.");
        process = Process.Start(new ProcessStartInfo(program, [
            "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update",
            "--disable-sync", "--disable-dev-shm-usage", "--remote-debugging-port=0", $"--user-data-dir={Path.Join(directory, "profile")}", "about:blank"])
        {
            RedirectStandardError = true,
        })!;
        await socket.ConnectAsync(await ReadAddressAsync(process), timeLimit.Token);
    }

    // "DevTools listening on ws://…", among what it says of the machine.
    private async Task<Uri> ReadAddressAsync(Process started)
    {
        while (await started.StandardError.ReadLineAsync(timeLimit.Token) is { } line)
        {
            if (line.IndexOf("ws://", StringComparison.Ordinal) is >= 0 and var place)
            {
                _ = started.StandardError.ReadToEndAsync(CancellationToken.None); // It would wait for a reader.
                return new Uri(line[place..]);
            }
        }

        throw new InvalidOperationException("The browser ended before it listened.");
    }

    private async Task<JsonNode> ReceiveAsync()
    {
        var buffer = new byte[1 << 16];
        using var message = new MemoryStream();
        ValueWebSocketReceiveResult part;
        do
        {
            part = await socket.ReceiveAsync(buffer.AsMemory(), timeLimit.Token);
            message.Write(buffer, 0, part.Count);
        }
        while (!part.EndOfMessage);

        var received = JsonNode.Parse(message.ToArray())!;
        if (received["id"] is null)
            events.Add(received);
        return received;
    }
}
