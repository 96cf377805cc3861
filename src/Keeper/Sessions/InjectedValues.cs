using System.Globalization;
using Npgsql;
using SchemaIsolation.Keeper.Configuration;
using SchemaIsolation.Keeper.Postgres;

namespace SchemaIsolation.Keeper.Sessions;

/// <summary>What the injected variables say.</summary>
internal static class InjectedValues
{
    public static IReadOnlyList<KeyValuePair<string, string>> Of(IReadOnlyList<InjectedVariable> variables, NpgsqlConnectionStringBuilder database)
        => [.. variables
            .Select(variable => KeyValuePair.Create(variable.Name, Value(variable.Format, database)))
            .Where(variable => variable.Value is not null)
            .Select(variable => KeyValuePair.Create(variable.Key, variable.Value!))];

    /// <summary>An address at which every client fails at once, with the reason in its own message.</summary>
    /// <param name="variables">Which are to say so.</param>
    /// <param name="code">Of the failure that keeps the tests from their database.</param>
    public static IReadOnlyList<KeyValuePair<string, string>> Nowhere(IReadOnlyList<InjectedVariable> variables, string code)
    {
        // The path of a socket, longer than one can be: clients refuse it by quoting it. A host that nobody has would be asked for on the
        // network, and a directory that is missing is a failure that passes to retrying strategies; this one took 1 ms, and no retry.
        var address = ServerAddress.ForSocket($"/SchemaIsolation-{code}-the-database-of-this-run-could-not-be-made-and-no-other-is-reached-see-the-error-of-the-run-with-this-code", code);
        return Of(variables, address.For(code));
    }

    private static string? Value(VariableFormat format, NpgsqlConnectionStringBuilder database)
    {
        var address = new DatabaseAddress(database);
        return format switch
        {
            VariableFormat.Keywords => database.ConnectionString,
            VariableFormat.Url => address.Url,
            VariableFormat.Host => address.Host,
            VariableFormat.Port => address.Port.ToString(CultureInfo.InvariantCulture),
            VariableFormat.Username => address.Username,
            VariableFormat.Password => address.Password,
            VariableFormat.Options => address.Options,
            VariableFormat.SslMode => address.Parameter("sslmode"),
            VariableFormat.SslRootCertificate => address.Parameter("sslrootcert"),
            VariableFormat.SslCertificate => address.Parameter("sslcert"),
            VariableFormat.SslKey => address.Parameter("sslkey"),
            VariableFormat.Passfile => address.Parameter("passfile"),
            _ => address.Database,
        };
    }
}
