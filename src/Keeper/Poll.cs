namespace SchemaIsolation.Keeper;

/// <summary>Asks again and again where nobody tells.</summary>
internal static class Poll
{
    /// <returns>False when the time limit passed before it was so.</returns>
    public static async Task<bool> UntilAsync(Func<Task<bool>> isSoAsync, TimeSpan interval, TimeSpan timeLimit, CancellationToken cancellationToken)
    {
        var start = TimeProvider.System.GetTimestamp();
        while (!await isSoAsync())
        {
            if (TimeProvider.System.GetElapsedTime(start) > timeLimit)
                return false;
            await Task.Delay(interval, cancellationToken);
        }

        return true;
    }
}
