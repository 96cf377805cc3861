using System.Globalization;
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
        ["sslpassword"] = "SSL Password",
        ["sslnegotiation"] = "SSL Negotiation",
        ["channel_binding"] = "Channel Binding",
        ["gssencmode"] = "GSS Encryption Mode",
        ["connect_timeout"] = "Timeout",
        ["options"] = "Options",
        ["application_name"] = "Application Name",
    };

    // What a client reads from its own directory, where tests have another.
    private static readonly string[] Files = ["Root Certificate", "SSL Certificate", "SSL Key", "Passfile"];

    private const string PassfileVariable = "PGPASSFILE";

    // libpq's word for the certificates that the system trusts, which Npgsql takes when it is told of no file.
    private const string SystemCertificates = "system";

    private readonly string connectionString;

    private ServerAddress(NpgsqlConnectionStringBuilder builder, ServerPassword? password = null)
    {
        connectionString = builder.ConnectionString;
        RenewedPassword = password;
    }

    /// <param name="text">Npgsql's keywords, or an address.</param>
    /// <param name="directory">What paths in it start at; null for the current directory.</param>
    /// <exception cref="FormatException">What is wrong with the text, without the text: it may hold a password.</exception>
    public static ServerAddress Parse(string text, string? directory = null)
    {
        try
        {
            var builder = UrlSchemes.Any(scheme => text.StartsWith(scheme + "://", StringComparison.OrdinalIgnoreCase))
                ? FromUrl(text)
                : new NpgsqlConnectionStringBuilder(text);
            if (string.IsNullOrWhiteSpace(builder.Host))
                throw new FormatException("it names no host.");
            if (builder.Host.Contains(',', StringComparison.Ordinal))
                throw new FormatException("it names several hosts, of which each would have locks of its own.");
            var hasPassword = HasText(builder.Password) || HasText(builder.Passfile);
            SetFiles(builder, directory ?? Directory.GetCurrentDirectory());
            return new ServerAddress(builder) { HasPassword = hasPassword };
        }
        catch (Exception exception) when (exception is ArgumentException or InvalidCastException or OverflowException)
        {
            // Not Npgsql's words: they quote what may be the rest of a password that has a semicolon in it.
            throw new FormatException("it has a keyword that Npgsql does not know, or a value that does not fit its keyword; a value with a semicolon or an equals sign stands in quotes.", exception);
        }
    }

    public static ServerAddress ForSocket(string directory, string username)
        => new(new NpgsqlConnectionStringBuilder { Host = directory, Username = username });

    public string Host => Builder.Host!;

    public int Port => Builder.Port;

    public string? Username => Builder.Username;

    public SslMode SslMode => Builder.SslMode;

    /// <summary>The file of the authorities that the server's certificate is held against; null for the system's.</summary>
    public string? RootCertificate => Builder.RootCertificate is { Length: > 0 } file ? file : null;

    /// <summary>A password that changes with time; null for one that stands in the address or in a file, or none.</summary>
    public ServerPassword? RenewedPassword { get; }

    /// <summary>Whether its text says a password, or in which file one is.</summary>
    public bool HasPassword { get; private init; }

    /// <summary>Whether the way to it is one of a network, which can be cut without either end being told.</summary>
    public bool IsRemote => !Path.IsPathRooted(Host) && !Host.StartsWith('@');

    public override string ToString() => Path.IsPathRooted(Host) ? Host : $"{Host}:{Port}";

    /// <summary>A builder of its own for the caller, for one database of this server.</summary>
    public NpgsqlConnectionStringBuilder For(string database)
    {
        var builder = Builder;
        builder.Database = database;
        if (RenewedPassword is not null)
            builder.Password = RenewedPassword.Current;
        return builder;
    }

    /// <summary>The same, with what the password is at the time.</summary>
    public ServerAddress With(ServerPassword password)
    {
        var builder = Builder;
        builder.Passfile = null; // One of the environment's.
        return new ServerAddress(builder, password);
    }

    private NpgsqlConnectionStringBuilder Builder => new(connectionString);

    /// <summary>libpq's form, <c>postgres://[user[:password]@][host][:port][/database][?parameters]</c>, which <see cref="Uri"/> does not know: the host may be a directory, or missing.</summary>
    private static NpgsqlConnectionStringBuilder FromUrl(string text)
    {
        var (location, parameters) = SplitAt(text[(text.IndexOf("://", StringComparison.Ordinal) + "://".Length)..], '?');
        var (authority, database) = SplitAt(location, '/');
        var at = authority.LastIndexOf('@');
        var (user, password) = SplitAt(authority[..Math.Max(at, 0)], ':');
        if (database.Contains('@', StringComparison.Ordinal))
            throw new FormatException("it is not a valid address; a special character in the password must be percent-encoded.");

        var builder = new NpgsqlConnectionStringBuilder();
        SetHost(builder, authority[(at + 1)..]);
        if (database.Length > 0)
            builder.Database = Uri.UnescapeDataString(database);
        if (user.Length > 0)
            builder.Username = Uri.UnescapeDataString(user);
        if (password.Length > 0)
            builder.Password = Uri.UnescapeDataString(password);
        foreach (var parameter in parameters.Split('&', StringSplitOptions.RemoveEmptyEntries))
            AddParameter(builder, parameter.Split('=', 2));
        return builder;
    }

    private static void SetHost(NpgsqlConnectionStringBuilder builder, string host)
    {
        // The brackets of an IPv6 address hide its colons.
        var colon = host.IndexOf(':', host.LastIndexOf(']') + 1);
        if (colon >= 0)
        {
            if (!ushort.TryParse(host[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var port))
                throw new FormatException("its port is not a number from 1 to 65535; a special character in the password must be percent-encoded.");
            builder.Port = port;
            host = host[..colon];
        }

        if (host.Length > 0)
            builder.Host = Uri.UnescapeDataString(host);
    }

    private static void SetFiles(NpgsqlConnectionStringBuilder builder, string directory)
    {
        if (builder.RootCertificate == SystemCertificates)
            builder.Remove("Root Certificate");

        // Tests run in another directory, and may have another environment.
        if (!HasText(builder.Password) && !HasText(builder.Passfile) && Environment.GetEnvironmentVariable(PassfileVariable) is { Length: > 0 } passfile)
            builder.Passfile = Path.GetFullPath(passfile);
        foreach (var keyword in Files.Where(keyword => builder.ShouldSerialize(keyword) && HasText((string)builder[keyword])))
            builder[keyword] = Path.GetFullPath(Path.Combine(directory, (string)builder[keyword]));
    }

    private static bool HasText(string? value) => !string.IsNullOrEmpty(value);

    private static (string Before, string After) SplitAt(string text, char separator)
    {
        var at = text.IndexOf(separator, StringComparison.Ordinal);
        return at < 0 ? (text, string.Empty) : (text[..at], text[(at + 1)..]);
    }

    private static void AddParameter(NpgsqlConnectionStringBuilder builder, string[] parameter)
    {
        // What is not a name with a value may be the rest of a password with a "?" in it.
        var name = parameter.Length > 1 && parameter[0].All(character => char.IsAsciiLetter(character) || character == '_') ? $" \"{parameter[0]}\"" : string.Empty;
        if (!UrlParameters.TryGetValue(parameter[0], out var keyword))
            throw new FormatException($"its parameter{name} is not one of {string.Join(", ", UrlParameters.Keys)}.");

        var value = Uri.UnescapeDataString(parameter.Length > 1 ? parameter[1] : string.Empty);

        // libpq writes verify-full where Npgsql writes VerifyFull.
        builder[keyword] = keyword == "SSL Mode" ? value.Replace("-", string.Empty, StringComparison.Ordinal) : value;
    }
}
