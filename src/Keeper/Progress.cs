namespace SchemaIsolation.Keeper;

/// <summary>Says of long work that it goes on: whoever waits for the keeper limits its silence, not its time.</summary>
internal static class Progress
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    public static async Task WatchAsync(Task work, Action onProgress, TimeProvider time)
    {
        while (await Task.WhenAny(work, Task.Delay(Interval, time)) != work)
            onProgress();
        await work;
    }
}
