using System.Data.Common;

namespace Library;

/// <summary>The books of a library in a PostgreSQL database, by way of any open connection to it.</summary>
public sealed class Books(DbConnection connection)
{
    // A number that nothing else in the database locks.
    private const string Stocktaking = "select pg_try_advisory_lock(7001)";

    /// <returns>False when there is no such book, or when somebody has it.</returns>
    public async Task<bool> LendAsync(string title, string reader, CancellationToken cancellationToken = default)
    {
        await using var command = Command(
            "insert into loans (book_id, reader) select id, @reader from books where title = @title on conflict do nothing",
            ("title", title),
            ("reader", reader));
        return await command.ExecuteNonQueryAsync(cancellationToken) == 1;
    }

    /// <returns>False when nobody had it.</returns>
    public async Task<bool> ReturnAsync(string title, CancellationToken cancellationToken = default)
    {
        await using var command = Command("delete from loans using books where id = book_id and title = @title", ("title", title));
        return await command.ExecuteNonQueryAsync(cancellationToken) == 1;
    }

    /// <summary>The titles that nobody has, by name.</summary>
    public Task<IReadOnlyList<string>> ListAvailableAsync(CancellationToken cancellationToken = default)
        => ListAsync(Command("select title from books where id not in (select book_id from loans) order by title"), cancellationToken);

    /// <summary>The titles of an author, by name.</summary>
    public Task<IReadOnlyList<string>> ListByAsync(string author, CancellationToken cancellationToken = default)
        => ListAsync(Command("select title from books where author = @author order by title", ("author", author)), cancellationToken);

    /// <summary>Keeps everybody else from taking stock for as long as the connection is open.</summary>
    /// <returns>False when somebody else takes stock.</returns>
    public async Task<bool> TryTakeStockAsync(CancellationToken cancellationToken = default)
    {
        await using var command = Command(Stocktaking);
        return (bool)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    private DbCommand Command(string sql, params (string Name, string Value)[] parameters)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, value) in parameters)
        {
            var parameter = command.CreateParameter();
            parameter.ParameterName = name;
            parameter.Value = value;
            command.Parameters.Add(parameter);
        }

        return command;
    }

    private static async Task<IReadOnlyList<string>> ListAsync(DbCommand command, CancellationToken cancellationToken)
    {
        await using (command)
        {
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            var titles = new List<string>();
            while (await reader.ReadAsync(cancellationToken))
                titles.Add(reader.GetString(0));
            return titles;
        }
    }
}
