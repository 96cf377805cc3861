namespace SchemaIsolation.Keeper.Sweeping;

/// <summary>What says that nobody is alive must say so twice before anything is dropped.</summary>
internal static class SecondLook
{
    // A live session that the server has cut off, or whose server has restarted, retakes its locks well within this.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    public static Task WaitAsync(CancellationToken cancellationToken) => Task.Delay(Pause, cancellationToken);
}
