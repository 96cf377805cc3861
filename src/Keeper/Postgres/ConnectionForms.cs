using System.Globalization;
using Npgsql;

namespace SchemaIsolation.Keeper.Postgres;

/// <summary>A connection string in the forms that other clients take.</summary>
internal static class ConnectionForms
{
    /// <summary>libpq's address. A socket's directory cannot stand where a host's name stands.</summary>
    public static string Url(NpgsqlConnectionStringBuilder connection)
    {
        var user = string.IsNullOrEmpty(connection.Username) ? string.Empty : Escape(connection.Username);
        if (!string.IsNullOrEmpty(connection.Password))
            user += ":" + Escape(connection.Password);
        var parameters = new List<string>();
        var host = string.Empty;
        if (Path.IsPathRooted(connection.Host))
            parameters.Add($"host={Escape(connection.Host)}");
        else
            host = connection.Host!.Contains(':', StringComparison.Ordinal) ? $"[{connection.Host}]" : connection.Host;
        if (!string.IsNullOrEmpty(connection.SearchPath))
            parameters.Add($"options={Escape(SearchPathOption(connection.SearchPath))}");
        var port = connection.Port.ToString(CultureInfo.InvariantCulture);
        return $"postgres://{(user.Length > 0 ? user + "@" : string.Empty)}{host}:{port}/{Escape(connection.Database!)}{(parameters.Count > 0 ? "?" + string.Join('&', parameters) : string.Empty)}";
    }

    /// <summary>libpq's environment variables; null where there is no value, and none may be inherited.</summary>
    public static IReadOnlyList<KeyValuePair<string, string?>> Variables(NpgsqlConnectionStringBuilder connection) =>
    [
        new("PGHOST", connection.Host),
        new("PGPORT", connection.Port.ToString(CultureInfo.InvariantCulture)),
        new("PGUSER", connection.Username),
        new("PGPASSWORD", connection.Password),
        new("PGDATABASE", connection.Database),
        new("PGOPTIONS", string.IsNullOrEmpty(connection.SearchPath) ? null : SearchPathOption(connection.SearchPath)),
    ];

    private static string SearchPathOption(string searchPath) => $"-c search_path={ServerOptions.Escape(searchPath)}";

    private static string Escape(string text) => Uri.EscapeDataString(text);
}
