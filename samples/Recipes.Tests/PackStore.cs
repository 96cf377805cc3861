using System.Data.Common;

namespace Recipes.Tests;

/// <summary>Code under test, as it is everywhere: it knows a connection, and nothing of leases.</summary>
public sealed class PackStore(DbConnection connection)
{
    public async Task AddAsync(string reference)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = "insert into packs (ref) values (@ref)";
        var parameter = command.CreateParameter();
        (parameter.ParameterName, parameter.Value) = ("ref", reference);
        command.Parameters.Add(parameter);
        await command.ExecuteNonQueryAsync();
    }

    public async Task<long> CountAsync()
    {
        await using var command = connection.CreateCommand();
        command.CommandText = "select count(*) from packs";
        return (long)(await command.ExecuteScalarAsync())!;
    }
}
