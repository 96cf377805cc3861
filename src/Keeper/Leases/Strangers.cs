namespace SchemaIsolation.Keeper.Leases;

/// <summary>Connections that have not shown the token yet. Their number is bounded, as their time is.</summary>
/// <remarks>
/// The oldest gives way, never the newest: a test sends its request with its connection, so it is read as soon as it is accepted,
/// and those that stay here are not tests. Refusing the newest would let a crowd of silent ones keep the tests out.
/// </remarks>
internal sealed class Strangers
{
    public const int Most = 256;

    private readonly object gate = new();
    private readonly LinkedList<CancellationTokenSource> silent = [];

    /// <param name="connection">Ends the wait for the connection's request; to be disposed only after <see cref="Leave"/>.</param>
    public void Enter(CancellationTokenSource connection)
    {
        lock (gate)
        {
            silent.AddLast(connection);
            if (silent.Count <= Most)
                return;

            // Its callbacks run elsewhere, so that nothing of the connection runs under the lock.
            _ = silent.First!.Value.CancelAsync();
            silent.RemoveFirst();
        }
    }

    public void Leave(CancellationTokenSource connection)
    {
        lock (gate)
            silent.Remove(connection);
    }
}
