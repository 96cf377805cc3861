using System.Globalization;
using Npgsql;

namespace SchemaIsolation.Keeper.Postgres;

/// <summary>Where a database is, and who we are there, as clients of libpq's kind are told it.</summary>
internal sealed class DatabaseAddress
{
    private const int DefaultPort = 5432;

    // What decides how a client gets in, beside what has a place of its own in an address: Npgsql's word, and libpq's.
    private static readonly (string Keyword, string Parameter)[] Parameters =
    [
        ("SSL Mode", "sslmode"),
        ("Root Certificate", "sslrootcert"),
        ("SSL Certificate", "sslcert"),
        ("SSL Key", "sslkey"),
        ("SSL Password", "sslpassword"),
        ("SSL Negotiation", "sslnegotiation"),
        ("Channel Binding", "channel_binding"),
        ("GSS Encryption Mode", "gssencmode"),
        ("Passfile", "passfile"),
    ];

    private readonly NpgsqlConnectionStringBuilder builder;

    public DatabaseAddress(NpgsqlConnectionStringBuilder builder)
    {
        this.builder = builder;
        (Host, Port) = IsSocket(builder.Host!) ? (builder.Host!, builder.Port) : Split(builder.Host!, builder.Port);
    }

    /// <summary>For somebody who looks at a database with the keeper's rights.</summary>
    /// <param name="server">Where it is.</param>
    /// <param name="database">The database.</param>
    /// <param name="searchPath">Where unqualified names lead; null for the server's default.</param>
    public static DatabaseAddress ForPeople(PostgresServer server, DatabaseName database, string? searchPath)
    {
        var builder = server.Address.For(database.ToString());
        builder.Username ??= server.Description.Role;
        builder.SearchPath = searchPath;
        return new DatabaseAddress(builder);
    }

    /// <summary>A name, an address without brackets, or the directory of a socket.</summary>
    public string Host { get; }

    public int Port { get; }

    public string? Username => builder.Username;

    /// <summary>Null when there is none.</summary>
    public string? Password => string.IsNullOrEmpty(builder.Password) ? null : builder.Password;

    public string Database => builder.Database!;

    /// <summary>The settings that a connection begins with, the search path among them; null when there are none.</summary>
    public string? Options
    {
        get
        {
            var searchPath = string.IsNullOrEmpty(builder.SearchPath) ? null : $"-c search_path={ServerOptions.Escape(builder.SearchPath)}";
            var options = $"{builder.Options} {searchPath}".Trim();
            return options.Length == 0 ? null : options;
        }
    }

    /// <summary><c>postgres://user:password@host:port/database?parameters</c>, percent-encoded, as <see cref="ServerAddress"/> reads it; a socket's directory is the parameter <c>host</c>.</summary>
    public string Url
    {
        get
        {
            var user = Username is null ? string.Empty : $"{Escape(Username)}{(Password is null ? string.Empty : ":" + Escape(Password))}@";
            var host = IsSocket(Host) ? string.Empty : string.Create(CultureInfo.InvariantCulture, $"{(Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]" : Escape(Host))}:{Port}");
            var parameters = string.Join('&', ReadParameters().Select(parameter => $"{parameter.Name}={Escape(parameter.Value)}"));
            return $"postgres://{user}{host}/{Escape(Database)}{(parameters.Length == 0 ? string.Empty : "?" + parameters)}";
        }
    }

    /// <summary>libpq's keywords, without a password: <c>host=… port=… user=… dbname=…</c>.</summary>
    public string Keywords
    {
        get
        {
            var others = ReadParameters().Where(parameter => parameter.Name is not ("host" or "port" or "sslpassword"));
            (string Name, string Value)[] parts =
                [("host", Host), ("port", Port.ToString(CultureInfo.InvariantCulture)), .. Username is null ? [] : new[] { ("user", Username) }, ("dbname", Database), .. others];
            return string.Join(' ', parts.Select(part => $"{part.Name}={Quote(part.Value)}"));
        }
    }

    /// <summary>The same as a command of a shell.</summary>
    public string Psql
        => $"psql \"{Keywords.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("$", "\\$", StringComparison.Ordinal).Replace("`", "\\`", StringComparison.Ordinal)}\"";

    /// <returns>What libpq's parameter of that name says of how a client gets in; null when it says nothing.</returns>
    public string? Parameter(string name)
        => Parameters.Single(known => known.Parameter == name).Keyword is var keyword && builder.ShouldSerialize(keyword) ? Value(keyword) : null;

    private static bool IsSocket(string host) => Path.IsPathRooted(host) || host.StartsWith('@');

    // As Npgsql reads a host: "name:port", "[address]:port", "[address]", and an address that may have no brackets.
    private static (string Host, int Port) Split(string host, int port)
    {
        var colon = host.LastIndexOf(':');
        var isPort = colon > host.LastIndexOf(']') && (host.IndexOf(':', StringComparison.Ordinal) == colon || host.Contains(']', StringComparison.Ordinal));
        return isPort
            ? (host[..colon].Trim('[', ']'), int.Parse(host[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture))
            : (host.Trim('[', ']'), port);
    }

    // libpq takes a word as it is, and everything else in quotes.
    private static string Quote(string value)
        => value.Length > 0 && value.All(character => char.IsAsciiLetterOrDigit(character) || character is '_' or '-' or '.' or '/' or '@' or ':')
            ? value
            : $"'{value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "\\'", StringComparison.Ordinal)}'";

    private static string Escape(string text) => Uri.EscapeDataString(text);

    private IEnumerable<(string Name, string Value)> ReadParameters()
    {
        if (IsSocket(Host))
        {
            yield return ("host", Host);
            if (Port != DefaultPort)
                yield return ("port", Port.ToString(CultureInfo.InvariantCulture));
        }

        foreach (var (keyword, parameter) in Parameters.Where(parameter => builder.ShouldSerialize(parameter.Keyword)))
            yield return (parameter, Value(keyword));
        if (Options is not null)
            yield return ("options", Options);
    }

    // libpq's words are Npgsql's in lower case, but for two.
    private string Value(string keyword) => builder[keyword] switch
    {
        SslMode.VerifyCA => "verify-ca",
        SslMode.VerifyFull => "verify-full",
        Enum word => word.ToString().ToLowerInvariant(),
        var text => (string)text,
    };
}
