using System.Text.Json.Nodes;

namespace SchemaIsolation.Tests.Unit.Reporting.Html;

/// <summary>A page in the browser.</summary>
internal sealed class ChromiumPage(Chromium browser, string session)
{
    private const int Height = 1000;

    /// <summary>What the browser complained of: scripts that threw, and what the page's policy refused.</summary>
    public IReadOnlyList<string> Errors =>
        [.. browser.EventsOf(session).Where(found => (string?)found["method"] is "Runtime.exceptionThrown" or "Log.entryAdded").Select(found => found["params"]!.ToJsonString())];

    public static async Task<ChromiumPage> OpenAsync(Chromium browser, string file, string scheme, int width)
    {
        var target = await browser.AskAsync("Target.createTarget", new JsonObject { ["url"] = "about:blank" });
        var attached = await browser.AskAsync("Target.attachToTarget", new JsonObject { ["targetId"] = (string?)target["targetId"], ["flatten"] = true });
        var session = (string)attached["sessionId"]!;
        var page = new ChromiumPage(browser, session);
        foreach (var domain in new[] { "Page", "Runtime", "Log" })
            await page.AskAsync($"{domain}.enable", []);
        await page.AskAsync("Emulation.setDeviceMetricsOverride", new JsonObject { ["width"] = width, ["height"] = Height, ["deviceScaleFactor"] = 1, ["mobile"] = false });
        await page.AskAsync("Emulation.setEmulatedMedia", new JsonObject { ["features"] = new JsonArray(new JsonObject { ["name"] = "prefers-color-scheme", ["value"] = scheme }) });
        await page.AskAsync("Page.navigate", new JsonObject { ["url"] = new Uri(file).AbsoluteUri });
        await browser.WaitAsync("Page.loadEventFired", session);
        return page;
    }

    /// <summary>The value of an expression, as text.</summary>
    public async Task<string> ReadAsync(string expression)
    {
        var answer = await AskAsync("Runtime.evaluate", new JsonObject { ["expression"] = $"String({expression})", ["awaitPromise"] = true });
        return (string?)answer["result"]!["value"] ?? throw new InvalidOperationException(answer.ToJsonString());
    }

    /// <summary>Presses keys one after the other, as a user does.</summary>
    public async Task PressAsync(params string[] keys)
    {
        foreach (var key in keys)
        {
            await AskAsync("Input.dispatchKeyEvent", new JsonObject { ["type"] = "keyDown", ["key"] = key, ["text"] = key.Length == 1 ? key : string.Empty });
            await AskAsync("Input.dispatchKeyEvent", new JsonObject { ["type"] = "keyUp", ["key"] = key });
        }
    }

    private Task<JsonNode> AskAsync(string method, JsonObject parameters) => browser.AskAsync(method, parameters, session);
}
