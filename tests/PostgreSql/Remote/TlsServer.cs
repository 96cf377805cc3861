using SchemaIsolation.Testing;

namespace SchemaIsolation.Tests.PostgreSql.Remote;

/// <summary>A server that is "localhost" by its certificate. The roles "tls" and "certified" come in with TLS alone, the latter with its certificate; "plain" without it.</summary>
public sealed class TlsServer : RemoteServer
{
    private readonly TestCertificate authority = TestCertificate.Authority("authority");

    /// <summary>Where ca.pem, other-ca.pem, me.pem, me.key, other.pem and other.key are.</summary>
    public string Files { get; } = ReachableDirectory.Create();

    public string FileOf(string name) => Path.Combine(Files, name);

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        Directory.Delete(Files, recursive: true);
    }

    protected override IEnumerable<string> Settings => ["ssl=on", "ssl_cert_file=server.pem", "ssl_key_file=server.key", "ssl_ca_file=ca.pem"];

    protected override IEnumerable<string> Statements => ["create role tls login createdb", "create role certified login createdb", "create role plain login createdb"];

    protected override string HostRules =>
        """
        hostssl all certified 127.0.0.1/32 cert
        hostssl all tls 127.0.0.1/32 trust
        hostnossl all plain 127.0.0.1/32 trust
        """;

    protected override async Task PrepareAsync()
    {
        var server = authority.Sign("localhost");
        await WriteAsync("server.pem", server.Certificate);
        await WriteAsync("server.key", server.Key);
        await WriteAsync("ca.pem", authority.Certificate);

        var (me, other) = (authority.Sign("certified"), authority.Sign("somebody"));
        foreach (var (name, text) in new[]
        {
            ("ca.pem", authority.Certificate), ("other-ca.pem", TestCertificate.Authority("another").Certificate), ("broken.pem", "no certificate"),
            ("me.pem", me.Certificate), ("me.key", me.Key), ("other.pem", other.Certificate), ("other.key", other.Key),
        })
        {
            await File.WriteAllTextAsync(FileOf(name), text);
        }
    }
}
