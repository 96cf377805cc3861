using Npgsql;

namespace SchemaIsolation.Keeper.Postgres;

/// <summary>Where a server is and who we are there. Its text never holds the password.</summary>
internal sealed class ServerAddress
{
    private static readonly string[] UrlSchemes = ["postgres", "postgresql"];

    // What libpq calls them, and what Npgsql calls them.
    private static readonly Dictionary<string, string> UrlParameters = new(StringComparer.OrdinalIgnoreCase)
    {
        ["host"] = "Host",
        ["port"] = "Port",
        ["user"] = "Username",
        ["password"] = "Password",
        ["passfile"] = "Passfile",
        ["dbname"] = "Database",
        ["sslmode"] = "SSL Mode",
        ["sslrootcert"] = "Root Certificate",
        ["sslcert"] = "SSL Certificate",
        ["sslkey"] = "SSL Key",
        ["connect_timeout"] = "Timeout",
        ["options"] = "Options",
        ["application_name"] = "Application Name",
    };

    private readonly string connectionString;

    private ServerAddress(NpgsqlConnectionStringBuilder builder) => connectionString = builder.ConnectionString;

    /// <exception cref="FormatException">What is wrong with the text, without the text: it may hold a password.</exception>
    public static ServerAddress Parse(string text)
    {
        try
        {
            var builder = UrlSchemes.Any(scheme => text.StartsWith(scheme + "://", StringComparison.OrdinalIgnoreCase))
                ? FromUrl(text)
                : new NpgsqlConnectionStringBuilder(text);
            if (string.IsNullOrWhiteSpace(builder.Host))
                throw new FormatException("it names no host.");
            return new ServerAddress(builder);
        }
        catch (Exception exception) when (exception is ArgumentException or InvalidCastException or OverflowException)
        {
            throw new FormatException(exception.Message, exception);
        }
    }

    public static ServerAddress ForSocket(string directory, string username)
        => new(new NpgsqlConnectionStringBuilder { Host = directory, Username = username });

    public string Host => Builder.Host!;

    public int Port => Builder.Port;

    public string? Username => Builder.Username;

    public override string ToString() => Path.IsPathRooted(Host) ? Host : $"{Host}:{Port}";

    /// <summary>A builder of its own for the caller, for one database of this server.</summary>
    public NpgsqlConnectionStringBuilder For(string database) => new(connectionString) { Database = database };

    private NpgsqlConnectionStringBuilder Builder => new(connectionString);

    private static NpgsqlConnectionStringBuilder FromUrl(string text)
    {
        // The host may be given as a parameter only, which Uri does not know: a name that cannot be resolved stands in for it.
        const string NoHost = "host.invalid";
        var url = text.Replace("://@", $"://{NoHost}", StringComparison.Ordinal).Replace(":///", $"://{NoHost}/", StringComparison.Ordinal);
        if (!Uri.TryCreate(url, UriKind.Absolute, out var uri))
            throw new FormatException("it is not a valid address; a special character in the password must be percent-encoded.");

        var builder = new NpgsqlConnectionStringBuilder();
        if (uri.Host is { Length: > 0 } host && host != NoHost)
            builder.Host = Uri.UnescapeDataString(host);
        if (uri.Port > 0)
            builder.Port = uri.Port;
        if (uri.AbsolutePath.Length > 1)
            builder.Database = Uri.UnescapeDataString(uri.AbsolutePath[1..]);

        var user = uri.UserInfo.Split(':', 2);
        if (user[0].Length > 0)
            builder.Username = Uri.UnescapeDataString(user[0]);
        if (user.Length > 1)
            builder.Password = Uri.UnescapeDataString(user[1]);

        foreach (var parameter in uri.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries))
            AddParameter(builder, parameter.Split('=', 2));
        return builder;
    }

    private static void AddParameter(NpgsqlConnectionStringBuilder builder, string[] parameter)
    {
        if (!UrlParameters.TryGetValue(parameter[0], out var keyword))
            throw new FormatException($"its parameter \"{parameter[0]}\" is not one of {string.Join(", ", UrlParameters.Keys)}.");

        var value = Uri.UnescapeDataString(parameter.Length > 1 ? parameter[1] : string.Empty);

        // libpq writes verify-full where Npgsql writes VerifyFull.
        builder[keyword] = keyword == "SSL Mode" ? value.Replace("-", string.Empty, StringComparison.Ordinal) : value;
    }
}
