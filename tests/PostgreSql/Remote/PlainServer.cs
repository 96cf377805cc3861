namespace SchemaIsolation.Tests.PostgreSql.Remote;

/// <summary>A server without TLS that trusts its network.</summary>
public sealed class PlainServer : RemoteServer
{
    protected override IEnumerable<string> Settings => ["max_connections=300"];
}
