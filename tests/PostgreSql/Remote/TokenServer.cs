namespace SchemaIsolation.Tests.PostgreSql.Remote;

/// <summary>A server that asks everybody on its network for a password.</summary>
public sealed class TokenServer : RemoteServer
{
    protected override string HostRules => "host all all 127.0.0.1/32 scram-sha-256";
}
