namespace SchemaIsolation.Testing;

/// <summary>Waits for what the server or the background does and nobody announces.</summary>
public static class Eventually
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan TimeLimit = TimeSpan.FromSeconds(30);

    /// <exception cref="TimeoutException">It has not become true within 30 s.</exception>
    public static async Task TrueAsync(Func<Task<bool>> isTrueAsync)
    {
        var start = TimeProvider.System.GetTimestamp();
        while (!await isTrueAsync())
        {
            if (TimeProvider.System.GetElapsedTime(start) > TimeLimit)
                throw new TimeoutException($"It has not become true within {TimeLimit.TotalSeconds:0} s.");
            await Task.Delay(PollInterval);
        }
    }
}
