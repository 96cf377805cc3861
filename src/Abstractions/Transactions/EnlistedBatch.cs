using System.Data;
using System.Data.Common;

namespace SchemaIsolation.Transactions;

/// <summary>The provider's batch, as <see cref="EnlistedCommand"/> is its command.</summary>
internal sealed class EnlistedBatch(EnlistedConnection connection, DbBatch batch) : DbBatch
{
    public override int Timeout
    {
        get => batch.Timeout;
        set => batch.Timeout = value;
    }

    protected override DbBatchCommandCollection DbBatchCommands => batch.BatchCommands;

    protected override DbConnection? DbConnection
    {
        get => connection;
        set => connection.ThrowUnlessSame(value);
    }

    protected override DbTransaction? DbTransaction { get; set; }

    private string Text => string.Join("; ", batch.BatchCommands.Select(command => command.CommandText));

    public override void Cancel() => batch.Cancel();

    public override void Prepare() => batch.Prepare();

    public override Task PrepareAsync(CancellationToken cancellationToken = default) => batch.PrepareAsync(cancellationToken);

    public override int ExecuteNonQuery() => connection.Run(Text, batch.ExecuteNonQuery);

    public override Task<int> ExecuteNonQueryAsync(CancellationToken cancellationToken = default)
        => connection.RunAsync(Text, () => batch.ExecuteNonQueryAsync(cancellationToken));

    public override object? ExecuteScalar() => connection.Run(Text, batch.ExecuteScalar);

    public override Task<object?> ExecuteScalarAsync(CancellationToken cancellationToken = default)
        => connection.RunAsync(Text, () => batch.ExecuteScalarAsync(cancellationToken));

    public override void Dispose()
    {
        batch.Dispose();
        base.Dispose();
    }

    public override async ValueTask DisposeAsync()
    {
        await batch.DisposeAsync().ConfigureAwait(false);
        await base.DisposeAsync().ConfigureAwait(false);
    }

    protected override DbBatchCommand CreateDbBatchCommand() => batch.CreateBatchCommand();

    protected override DbDataReader ExecuteDbDataReader(CommandBehavior behavior)
        => connection.Run(Text, () => batch.ExecuteReader(EnlistedConnection.Keep(behavior)));

    protected override Task<DbDataReader> ExecuteDbDataReaderAsync(CommandBehavior behavior, CancellationToken cancellationToken)
        => connection.RunAsync(Text, () => batch.ExecuteReaderAsync(EnlistedConnection.Keep(behavior), cancellationToken));
}
