using System.Globalization;
using System.Security.Cryptography;
using Npgsql;

namespace SchemaIsolation.Keeper.Postgres;

/// <summary>A server that is known to be usable: reachable, of a supported version, with the right to create databases, or schemas in one that is shared.</summary>
internal sealed class PostgresServer : IAsyncDisposable
{
    public const int OldestVersion = 14;

    // "template0": nobody may connect to it, so unlike template1 it can always be copied.
    private const string EmptyTemplate = "template0";

    private static readonly TimeSpan ConnectionsPollInterval = TimeSpan.FromMilliseconds(2);
    private static readonly TimeSpan ConnectionsTimeLimit = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan DropGrace = TimeSpan.FromSeconds(2);

    private readonly MaintenanceConnections maintenance;

    private PostgresServer(ServerAddress address, string maintenanceDatabase, bool isShared, MaintenanceConnections maintenance, ServerDescription description)
    {
        Address = address;
        MaintenanceDatabase = maintenanceDatabase;
        SharedDatabase = isShared ? DatabaseName.ForShared(maintenanceDatabase) : null;
        Description = description;
        this.maintenance = maintenance;
    }

    public ServerAddress Address { get; }

    public string MaintenanceDatabase { get; }

    /// <summary>The database in which slots are schemas; null where we may create databases.</summary>
    public DatabaseName? SharedDatabase { get; }

    public ServerDescription Description { get; }

    /// <param name="address">Where it is.</param>
    /// <param name="maintenanceDatabase">The database that statements about the server are run on.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <param name="isShared">Whether that one is to hold our schemas, because we may not create databases.</param>
    /// <exception cref="SchemaIsolationException">SI1101 to SI1107, SI1112, SI1120, SI1123, SI1124: why the server cannot be used.</exception>
    public static async Task<PostgresServer> ConnectAsync(ServerAddress address, string maintenanceDatabase, CancellationToken cancellationToken, bool isShared = false)
    {
        var maintenance = new MaintenanceConnections(address, maintenanceDatabase);
        try
        {
            RootCertificate.Require(address);
            await Pooler.RequireNoneAsync(maintenance, address, maintenanceDatabase, cancellationToken);
            var description = await DescribeAsync(maintenance, cancellationToken);
            description.Require(address, isShared ? maintenanceDatabase : null);
            return new PostgresServer(address, maintenanceDatabase, isShared, maintenance, description);
        }
        catch (NpgsqlException exception)
        {
            await maintenance.DisposeAsync();
            throw ServerFailure.OnConnect(address, maintenanceDatabase, exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException { ParamName: "privateKey" })
        {
            await maintenance.DisposeAsync();
            throw ServerFailure.OnFile(address, exception);
        }
        catch
        {
            await maintenance.DisposeAsync();
            throw;
        }
    }

    /// <summary>A connection that ends with its disposal, so that it never stands in the way of dropping the database.</summary>
    /// <param name="database">The database.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <param name="searchPath">Null for the server's.</param>
    /// <param name="options">Settings as the server's command line has them. What is sent more than once is prepared then.</param>
    public async Task<NpgsqlConnection> OpenUnpooledAsync(string database, CancellationToken cancellationToken, string? searchPath = null, string? options = null)
    {
        // Else a statement that is running when the keeper is killed runs on, and holds the database that a sweep wants to drop.
        var watch = Description.CanWatchClients ? " -c client_connection_check_interval=250" : null;
        return await KeeperConnection.OpenAsync(
            Address, () => KeeperConnection.OpenAloneAsync(KeeperConnection.Unpooled(Address.For(database), searchPath, options, watch), cancellationToken), cancellationToken);
    }

    /// <summary>Runs one statement on the maintenance database.</summary>
    public async Task ExecuteAsync(string sql, CancellationToken cancellationToken, params object[] parameters)
    {
        await using var connection = await maintenance.OpenAsync(cancellationToken);
        await using var command = Command(connection, sql, parameters);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <returns>Whether the template may be copied; null when no such database exists.</returns>
    public async Task<bool?> IsPublishedAsync(DatabaseName template, CancellationToken cancellationToken)
        => await ScalarAsync(Sql.IsPublished, cancellationToken, template.ToString()) as bool?;

    public async Task<IReadOnlyList<OwnDatabase>> ListDatabasesAsync(CancellationToken cancellationToken)
    {
        var found = new List<OwnDatabase>();
        await using var connection = await maintenance.OpenAsync(cancellationToken);
        await using var command = Command(connection, Sql.ListDatabases, []);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            if (DatabaseName.TryParse(reader.GetString(0)) is { } name)
                found.Add(new OwnDatabase(name, reader.GetBoolean(1)));
        }

        return found;
    }

    /// <returns>The rows, all columns as text.</returns>
    public async Task<IReadOnlyList<string?[]>> ListAsync(string sql, CancellationToken cancellationToken, params object[] parameters)
    {
        var rows = new List<string?[]>();
        await using var connection = await maintenance.OpenAsync(cancellationToken);
        await using var command = Command(connection, sql, parameters);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
            rows.Add([.. Enumerable.Range(0, reader.FieldCount).Select(i => reader.IsDBNull(i) ? null : reader.GetString(i))]);
        return rows;
    }

    public async Task<IReadOnlyList<OpenConnections>> ListConnectionsAsync(string[] databases, CancellationToken cancellationToken)
    {
        var found = new List<OpenConnections>();
        await using var connection = await maintenance.OpenAsync(cancellationToken);
        await using var command = Command(connection, Sql.ListConnections, [databases]);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
            found.Add(new OpenConnections(reader.GetString(0), reader.GetString(1), reader.GetInt64(2), reader.GetInt64(3)));
        return found;
    }

    /// <returns>A transaction id that no row written so far has.</returns>
    public async Task<string> NextTransactionAsync(CancellationToken cancellationToken)
        => (string)(await ScalarAsync(ResetSql.NextTransaction, cancellationToken))!;

    public async Task<long> CountConnectionsAsync(DatabaseName database, CancellationToken cancellationToken)
        => (long)(await ScalarAsync(Sql.CountConnections, cancellationToken, database.ToString()))!;

    /// <returns>How many connections our role may open, and how many sessions are alive.</returns>
    public async Task<(int Connections, int Sessions)> CountConnectionsAsync(CancellationToken cancellationToken)
    {
        var row = (await ListAsync(Sql.CountServerConnections, cancellationToken, AdvisoryLock.SessionClass))[0];
        return (int.Parse(row[0]!, CultureInfo.InvariantCulture), int.Parse(row[1]!, CultureInfo.InvariantCulture));
    }

    /// <returns>False while a client is at work there, or was a moment ago.</returns>
    public async Task<bool> IsQuietAsync(string database, CancellationToken cancellationToken)
        => await ScalarAsync(Sql.CountBusyClients, cancellationToken, database) is 0L;

    /// <returns>The database's comment, empty when it has none; null when no such database exists.</returns>
    public async Task<string?> CommentOfAsync(string database, CancellationToken cancellationToken)
        => await ScalarAsync(Sql.CommentOfDatabase, cancellationToken, database) as string;

    /// <param name="database">The new database.</param>
    /// <param name="template">What it is a copy of; null for an empty one.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <param name="strategy">How it is copied fastest, as measured; null for what is probable.</param>
    public async Task CreateDatabaseAsync(DatabaseName database, DatabaseName? template, CancellationToken cancellationToken, CloneStrategy? strategy = null)
    {
        await using var connection = await maintenance.OpenAsync(cancellationToken);
        await using var batch = new NpgsqlBatch(connection) { EnableErrorBarriers = true }; // Else it would be one transaction, which the server refuses.
        foreach (var sql in TemplateSql.CreateDatabase(database.ToString(), template?.ToString() ?? EmptyTemplate, strategy ?? Description.ProbableStrategy, Description.Features))
            batch.BatchCommands.Add(new NpgsqlBatchCommand(sql));
        try
        {
            await batch.ExecuteNonQueryAsync(cancellationToken);
        }
        catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.ObjectInUse && template is not null) // 55006
        {
            await Pooler.RequireNoneKeptAsync(this, template.Value, exception, cancellationToken);
            throw;
        }
    }

    /// <summary>Drops a database of ours whoever is connected to it. Already gone is success.</summary>
    public async Task DropDatabaseAsync(DatabaseName database, CancellationToken cancellationToken)
    {
        await EndConnectionsAsync(database, cancellationToken);
        try
        {
            await DropAsync(database, Sql.ForceDropDatabase(database.OwnName), cancellationToken);
        }
        catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.ObjectInUse) // 55006
        {
            if (!await DatabaseHolds.EndAsync(this, database, cancellationToken))
                throw;
            await DropAsync(database, Sql.ForceDropDatabase(database.OwnName), cancellationToken);
        }
        catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.InsufficientPrivilege) // 42501
        {
            // FORCE ends the autovacuum as it ends clients, which only a superuser may; without it the server does so by itself.
            await DropAsync(database, Sql.DropDatabase(database.OwnName), cancellationToken);
        }
    }

    /// <summary>Gives a database of ours another name, whoever is connected to it and however often that one comes back.</summary>
    public async Task RenameDatabaseAsync(DatabaseName database, DatabaseName newName, CancellationToken cancellationToken)
    {
        await EndConnectionsAsync(database, cancellationToken);
        var rename = Sql.RenameDatabase(database.OwnName, newName.OwnName);
        try
        {
            await ExecuteAsync(rename, cancellationToken);
        }
        catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.ObjectInUse) // 55006
        {
            await ExecuteAsync(Sql.AllowConnections(database.ToString(), allow: false), cancellationToken);
            await EndConnectionsAsync(database, cancellationToken);
            await ExecuteAsync(rename, cancellationToken);
            await ExecuteAsync(Sql.AllowConnections(newName.ToString(), allow: true), cancellationToken);
        }
    }

    /// <summary>Drops a database of ours unless somebody is connected to it.</summary>
    /// <returns>False when somebody is.</returns>
    public async Task<bool> TryDropUnusedDatabaseAsync(DatabaseName database, CancellationToken cancellationToken)
    {
        try
        {
            await DropAsync(database, Sql.DropDatabase(database.OwnName), cancellationToken);
            return true;
        }
        catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.ObjectInUse) // 55006
        {
            return await DatabaseHolds.EndAsync(this, database, cancellationToken) && await TryDropUnusedDatabaseAsync(database, cancellationToken);
        }
    }

    /// <summary>After the server cut us off: what is idle in the pool is dead, and would fail the next statements one by one.</summary>
    public void ForgetConnections() => maintenance.Forget();

    public ValueTask DisposeAsync() => maintenance.DisposeAsync();

    // Whoever is in a hurry waits a little: a backend whose DROP DATABASE is cancelled while others are to confirm it forgets to confirm theirs, and each
    // other one on the server waits for it until a signal wakes it (18.4: the pending interrupt is cleared before it is served).
    private async Task DropAsync(DatabaseName database, string sql, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        using var patient = new CancellationTokenSource();
        await using var hurry = cancellationToken.UnsafeRegister(_ => patient.CancelAfter(DropGrace), state: null);
        try
        {
            await ExecuteAsync(sql, patient.Token);
        }
        catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.WrongObjectType) // 42809
        {
            // A template of ours, or a database that its test has marked as one.
            await ExecuteAsync(Sql.Unpublish(database.OwnName), patient.Token);
            await ExecuteAsync(sql, patient.Token);
        }
    }

    /// <summary>Ends whoever is connected to a database of ours, and waits until they are gone.</summary>
    /// <remarks>FORCE right after a disconnect waits in steps of 100 ms where the backends are gone within one.</remarks>
    public async Task EndConnectionsAsync(DatabaseName database, CancellationToken cancellationToken)
    {
        var name = database.OwnName;
        if (await ScalarAsync(Sql.EndConnections, cancellationToken, name) is 0L)
            return;

        await Poll.UntilAsync(
            async () => await CountConnectionsAsync(database, cancellationToken) == 0, ConnectionsPollInterval, ConnectionsTimeLimit, cancellationToken);
    }

    private static async Task<ServerDescription> DescribeAsync(MaintenanceConnections maintenance, CancellationToken cancellationToken)
    {
        await using var connection = await maintenance.OpenAsync(cancellationToken);
        await using var command = Command(connection, Sql.DescribeServer, []);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return new ServerDescription(reader.GetInt32(0), reader.GetString(1), reader.GetBoolean(2), reader.GetBoolean(3), reader.GetBoolean(4), reader.GetString(5), reader.GetBoolean(6), reader.GetBoolean(7));
    }

    private async Task<object?> ScalarAsync(string sql, CancellationToken cancellationToken, params object[] parameters)
    {
        await using var connection = await maintenance.OpenAsync(cancellationToken);
        await using var command = Command(connection, sql, parameters);
        return await command.ExecuteScalarAsync(cancellationToken);
    }

    private static NpgsqlCommand Command(NpgsqlConnection connection, string sql, object[] parameters)
    {
        var command = new NpgsqlCommand(sql, connection);
        foreach (var parameter in parameters)
            command.Parameters.Add(new NpgsqlParameter { Value = parameter });
        return command;
    }
}
