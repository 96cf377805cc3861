namespace SchemaIsolation.Keeper.Configuration;

/// <summary>What of a database an environment variable says, and how.</summary>
internal enum VariableFormat
{
    /// <summary>All, as Npgsql reads it: <c>Host=…;Username=…;Database=…</c>.</summary>
    Keywords,

    /// <summary>All, as libpq reads it: <c>postgres://…</c>.</summary>
    Url,

    /// <summary>Its server's host, or the directory of its server's socket.</summary>
    Host,

    Port,

    Username,

    /// <summary>The variable is not set when there is none.</summary>
    Password,

    /// <summary>Its name.</summary>
    Database,

    /// <summary>The settings a connection needs, its search path or role, as libpq reads them; the variable is not set when there are none.</summary>
    Options,

    /// <summary>How its clients use TLS, as libpq reads it; as all that follow, not set when it is not said.</summary>
    SslMode,

    /// <summary>The file of the certificates that they trust.</summary>
    SslRootCertificate,

    /// <summary>The file of their own certificate.</summary>
    SslCertificate,

    /// <summary>The file of its key.</summary>
    SslKey,

    /// <summary>The file of passwords.</summary>
    Passfile,
}
