using Npgsql;

namespace SchemaIsolation.Bench.Arms;

/// <summary>What a test works on; its disposal is all that the test waits for at its end.</summary>
internal interface ITestState : IAsyncDisposable
{
    /// <summary>Opens a connection, as each call of the code under test does, and closes it after the work.</summary>
    Task UseAsync(Func<NpgsqlConnection, Task> work, CancellationToken cancellationToken);
}
