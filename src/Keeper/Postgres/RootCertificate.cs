using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Npgsql;

namespace SchemaIsolation.Keeper.Postgres;

/// <summary>The file of the authorities that a server's certificate is held against.</summary>
internal static class RootCertificate
{
    /// <summary>Looks whether there are any in it: Npgsql takes a file that is missing, or holds none, for one that trusts nobody.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="CryptographicException">It holds none.</exception>
    public static void Require(ServerAddress address)
    {
        if (address.RootCertificate is not { } file || address.SslMode is not (SslMode.VerifyCA or SslMode.VerifyFull))
            return;

        var authorities = new X509Certificate2Collection();
        authorities.ImportFromPem(File.ReadAllText(file));
        if (authorities.Count == 0)
            throw new CryptographicException($"\"{file}\" holds no certificate.");
    }
}
