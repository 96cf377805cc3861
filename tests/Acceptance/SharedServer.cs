using SchemaIsolation.Keeper.Postgres;
using SchemaIsolation.Testing;

namespace SchemaIsolation.Tests.Acceptance;

/// <summary>A server on which runs have a role that may make schemas in one database, and no database.</summary>
public sealed class SharedServer : TestServer
{
    private const string Name = "given";

    public override string SharedDatabase => Name;

    public override IReadOnlyDictionary<string, string> Variables => new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["SCHEMAISOLATION__Server"] = ServerAddress.ForSocket(Address.Host, Name).For(Name).ConnectionString,
        ["SCHEMAISOLATION__SharedDatabase"] = Name,
    };

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        await Psql.RunAsync(Address, "postgres", $"create role {Name} login");
        await Psql.RunAsync(Address, "postgres", $"create database {Name}");
        await Psql.RunAsync(Address, "postgres", $"grant create on database {Name} to {Name}");
    }
}
