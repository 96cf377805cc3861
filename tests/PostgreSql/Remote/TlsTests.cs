using Npgsql;
using SchemaIsolation.Keeper.Configuration;
using SchemaIsolation.Keeper.Postgres;
using SchemaIsolation.Testing;
using SchemaIsolation.Tests.PostgreSql.Sessions;
using SchemaIsolation.Wire;
using Xunit;

namespace SchemaIsolation.Tests.PostgreSql.Remote;

[Trait("Version", "Any")]
public sealed class TlsTests(TlsServer server) : IClassFixture<TlsServer>
{
    private const string IsEncrypted = "select ssl::text from pg_stat_ssl where pid = pg_backend_pid()";

    [Theory]
    [InlineData("Host=127.0.0.1;Username=plain;SSL Mode=Disable;Port=PORT", "false")]
    [InlineData("Host=127.0.0.1;Username=tls;Port=PORT", "true")]
    [InlineData("Host=127.0.0.1;Username=tls;SSL Mode=Prefer;Port=PORT", "true")]
    [InlineData("Host=127.0.0.1;Username=tls;SSL Mode=Require;Port=PORT", "true")]
    [InlineData("Host=127.0.0.1;Username=tls;SSL Mode=VerifyCA;Root Certificate=ca.pem;Port=PORT", "true")]
    [InlineData("Host=localhost;Username=tls;SSL Mode=VerifyFull;Root Certificate=./ca.pem;Port=PORT", "true")]
    [InlineData("Host=127.0.0.1;Username=certified;SSL Mode=Require;SSL Certificate=me.pem;SSL Key=me.key;Port=PORT", "true")]
    [InlineData("postgres://plain@127.0.0.1:PORT?sslmode=disable", "false")]
    [InlineData("postgres://tls@127.0.0.1:PORT?sslmode=require&channel_binding=prefer&gssencmode=disable", "true")]
    [InlineData("postgres://tls@127.0.0.1:PORT?sslmode=verify-ca&sslrootcert=ca.pem&sslnegotiation=postgres", "true")]
    [InlineData("postgres://tls@localhost:PORT?sslmode=verify-full&sslrootcert=ca.pem", "true")]
    [InlineData("postgres://certified@localhost:PORT?sslmode=verify-full&sslrootcert=ca.pem&sslcert=me.pem&sslkey=me.key", "true")]
    public async Task A_session_and_its_leases_and_variables_get_in_the_same_way(string address, string isEncrypted)
    {
        using var project = new ProjectDirectory().Migration("1.sql", "create table t (n int)");
        foreach (var file in new[] { "ca.pem", "me.pem", "me.key" })
            project.File(file, await File.ReadAllTextAsync(server.FileOf(file)));
        await using var session = RunningSession.Start(Configure(project, address));
        await session.WaitUntilTestsMayStartAsync();

        await using var lease = await session.LeaseAsync();

        Assert.Equal(isEncrypted, await Psql.RunAsync(lease.ConnectionString, IsEncrypted));
        Assert.Equal(isEncrypted, await Psql.RunAsync(session.Variable("ConnectionStrings__Default")!, IsEncrypted));
        var url = ServerAddress.Parse(session.Variable("DATABASE_URL")!, directory: "/");
        Assert.Equal(isEncrypted, await Psql.RunAsync(url, lease.Database, IsEncrypted));
        Assert.Equal(isEncrypted, await Psql.RunAsync(FromLibpq(session), IsEncrypted));
        await session.AssertEndsWithNothingLeftAsync(server.Superuser);
    }

    [Theory]
    [InlineData("Username=tls;SSL Mode=Disable", "SI1123", "refused a connection without TLS, and SSL Mode is \"Disable\". Set SSL Mode=Require in Server")]
    [InlineData("Username=tls;SSL Mode=VerifyCA;Root Certificate=other-ca.pem", "SI1123", "is not signed by an authority of \"FILES/other-ca.pem\", as SSL Mode \"VerifyCA\" demands. Correct Root Certificate or the host in Server")]
    [InlineData("Username=tls;SSL Mode=VerifyCA", "SI1123", "is not signed by an authority of those that this system trusts, as SSL Mode \"VerifyCA\" demands.")]
    [InlineData("Username=tls;SSL Mode=VerifyFull;Root Certificate=ca.pem", "SI1123", "is not signed by an authority of \"FILES/ca.pem\", or it is not for host \"127.0.0.1\", as SSL Mode \"VerifyFull\" demands.")]
    [InlineData("Username=certified;SSL Mode=Require", "SI1123", "asks role \"certified\" for a certificate. Name it in SSL Certificate, and its key in SSL Key, in Server: connection requires a valid client certificate")]
    [InlineData("Username=certified;SSL Mode=Require;SSL Certificate=other.pem;SSL Key=other.key", "SI1102", "certificate authentication failed for user \"certified\"")]
    [InlineData("Username=plain;SSL Mode=Require", "SI1102", "no pg_hba.conf entry for host \"127.0.0.1\", user \"plain\", database \"postgres\", SSL encryption")]
    [InlineData("Username=tls;SSL Mode=VerifyFull;Root Certificate=missing.pem", "SI1124", "Could not find file 'FILES/missing.pem'.")]
    [InlineData("Username=tls;SSL Mode=VerifyFull;Root Certificate=broken.pem", "SI1124", "\"FILES/broken.pem\" holds no certificate.")]
    [InlineData("Username=certified;SSL Mode=Require;SSL Certificate=missing.pem;SSL Key=other.key", "SI1124", "Could not find file 'FILES/missing.pem'.")]
    [InlineData("Username=certified;SSL Mode=Require;SSL Certificate=me.pem;SSL Key=missing.key", "SI1124", "Could not find file 'FILES/missing.key'.")]
    [InlineData("Username=certified;SSL Mode=Require;SSL Certificate=me.pem;SSL Key=other.key", "SI1124", "paths start at the file that names them: ")]
    [InlineData("Username=certified;SSL Mode=Require;SSL Certificate=me.pem;SSL Key=broken.pem", "SI1124", "paths start at the file that names them: ")]
    public async Task What_does_not_fit_is_explained(string keywords, string code, string reason)
    {
        var address = ServerAddress.Parse($"Host={server.Host};Port={server.Port};{keywords}", server.Files);

        var exception = await Assert.ThrowsAsync<SchemaIsolationException>(() => PostgresServer.ConnectAsync(address, "postgres", CancellationToken.None));

        Assert.Equal(code, exception.Code);
        Assert.Contains(reason.Replace("FILES", server.Files, StringComparison.Ordinal), exception.Reason, StringComparison.Ordinal);
    }

    private Options Configure(ProjectDirectory project, string address)
        => project.Configure(
            server: null,
            ("Server", address.Replace("PORT", $"{server.Port}", StringComparison.Ordinal)),
            ("Inject:ConnectionString", "Default"),
            ("Inject:Variable:Name", "DATABASE_URL"),
            ("Inject:Variable:Format", "Url"),
            ("Inject:Libpq", "true"));

    // As libpq puts them together: there is no client of its in the server's package.
    private static string FromLibpq(RunningSession session)
    {
        string Value(string name) => Uri.EscapeDataString(session.Variable(name) ?? "");
        var files = string.Concat(new[] { ("sslrootcert", "PGSSLROOTCERT"), ("sslcert", "PGSSLCERT"), ("sslkey", "PGSSLKEY"), ("sslmode", "PGSSLMODE") }
            .Where(parameter => session.Variable(parameter.Item2) is not null)
            .Select(parameter => $"&{parameter.Item1}={Value(parameter.Item2)}"));
        return ServerAddress.Parse($"postgres://{Value("PGUSER")}@{Value("PGHOST")}:{Value("PGPORT")}/?options={Value("PGOPTIONS")}{files}", directory: "/")
            .For(session.Variable("PGDATABASE")!).ConnectionString;
    }
}
