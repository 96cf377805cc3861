using System.Diagnostics;
using SchemaIsolation.Keeper.Postgres;
using SchemaIsolation.Testing;

namespace SchemaIsolation.Tests.Acceptance;

/// <summary>The server's own list of databases, asked until it says what is waited for.</summary>
internal static class DatabaseSignal
{
    // The promise: a session whose run is killed leaves nothing within five seconds, without a next run.
    private static readonly TimeSpan TimeLimit = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(20);

    public static async Task WaitUntilGoneAsync(TestServer server, string database)
    {
        var session = DatabaseName.TryParse(database)!.Value.Owner;
        var start = Stopwatch.GetTimestamp();
        while (await server.ListDatabasesOfAsync(session) is { Count: > 0 } left)
        {
            Assert.True(Stopwatch.GetElapsedTime(start) < TimeLimit, $"Left on the server after {TimeLimit}: {string.Join(", ", left)}");
            await Task.Delay(PollInterval);
        }
    }
}
