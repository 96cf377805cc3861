using System.Data;
using System.Data.Common;
using System.Diagnostics.CodeAnalysis;

namespace SchemaIsolation.Transactions;

/// <summary>The provider's command, which takes no connection and no transaction but the provider's own.</summary>
internal sealed class EnlistedCommand(EnlistedConnection connection, DbCommand command) : DbCommand
{
    [AllowNull]
    public override string CommandText
    {
        get => command.CommandText;
        set => command.CommandText = value;
    }

    public override int CommandTimeout
    {
        get => command.CommandTimeout;
        set => command.CommandTimeout = value;
    }

    public override CommandType CommandType
    {
        get => command.CommandType;
        set => command.CommandType = value;
    }

    public override bool DesignTimeVisible
    {
        get => command.DesignTimeVisible;
        set => command.DesignTimeVisible = value;
    }

    public override UpdateRowSource UpdatedRowSource
    {
        get => command.UpdatedRowSource;
        set => command.UpdatedRowSource = value;
    }

    protected override DbConnection? DbConnection
    {
        get => connection;
        set => connection.ThrowUnlessSame(value);
    }

    /// <summary>Kept for whoever asks: whatever it is, the command runs in the test's.</summary>
    protected override DbTransaction? DbTransaction { get; set; }

    protected override DbParameterCollection DbParameterCollection => command.Parameters;

    public override void Cancel() => command.Cancel();

    public override void Prepare() => command.Prepare();

    public override Task PrepareAsync(CancellationToken cancellationToken = default) => command.PrepareAsync(cancellationToken);

    public override int ExecuteNonQuery() => connection.Run(CommandText, command.ExecuteNonQuery);

    public override Task<int> ExecuteNonQueryAsync(CancellationToken cancellationToken)
        => connection.RunAsync(CommandText, () => command.ExecuteNonQueryAsync(cancellationToken));

    public override object? ExecuteScalar() => connection.Run(CommandText, command.ExecuteScalar);

    public override Task<object?> ExecuteScalarAsync(CancellationToken cancellationToken)
        => connection.RunAsync(CommandText, () => command.ExecuteScalarAsync(cancellationToken));

    public override async ValueTask DisposeAsync()
    {
        await command.DisposeAsync().ConfigureAwait(false);
        await base.DisposeAsync().ConfigureAwait(false);
    }

    protected override DbParameter CreateDbParameter() => command.CreateParameter();

    protected override DbDataReader ExecuteDbDataReader(CommandBehavior behavior)
        => connection.Run(CommandText, () => command.ExecuteReader(EnlistedConnection.Keep(behavior)));

    protected override Task<DbDataReader> ExecuteDbDataReaderAsync(CommandBehavior behavior, CancellationToken cancellationToken)
        => connection.RunAsync(CommandText, () => command.ExecuteReaderAsync(EnlistedConnection.Keep(behavior), cancellationToken));

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            command.Dispose();
        base.Dispose(disposing);
    }
}
