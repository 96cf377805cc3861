using SchemaIsolation.Keeper.Configuration;
using SchemaIsolation.Keeper.Postgres;
using SchemaIsolation.Testing;

namespace SchemaIsolation.Tests.PostgreSql.Sessions;

/// <summary>A database of somebody else's, and a role that may make schemas in it, and no database.</summary>
internal sealed class GivenDatabase : IAsyncDisposable
{
    private static int last;
    private readonly ServerAddress server;

    private GivenDatabase(ServerAddress server, string name)
    {
        this.server = server;
        Name = name;
    }

    public string Name { get; }

    /// <summary>The server as the role sees it.</summary>
    public ServerAddress Address => ServerAddress.ForSocket(server.Host, Name);

    /// <summary>Makes it, with a table of others in <c>public</c>, which the role may read and write.</summary>
    public static Task<GivenDatabase> CreateAsync(TestServer server, params string[] statements) => CreateAsync(server.Address, statements);

    /// <inheritdoc cref="CreateAsync(TestServer, string[])"/>
    public static async Task<GivenDatabase> CreateAsync(ServerAddress server, params string[] statements)
    {
        var given = new GivenDatabase(server, $"given_{Interlocked.Increment(ref last)}");
        await Psql.RunAsync(server, "postgres", $"create role {given.Name} login");
        await Psql.RunAsync(server, "postgres", $"create database {given.Name} template template0");
        await given.AskAsync([
            $"grant create on database {given.Name} to {given.Name}",
            "create table public.users (name text)",
            "insert into public.users values ('somebody')",
            $"grant all on public.users to {given.Name}",
            .. statements,
        ]);
        return given;
    }

    public Options Configure(ProjectDirectory project, params (string Key, string Value)[] values)
        => project.Configure(Address, [("SharedDatabase", Name), .. values]);

    /// <summary>Asked as a superuser.</summary>
    public Task<string> AskAsync(params string[] statements) => Psql.RunAsync(server, Name, statements);

    /// <summary>All schemas in it but the server's own.</summary>
    public Task<string> ListSchemasAsync() => AskAsync("select nspname from pg_namespace where nspname !~ '^pg_|^information_schema$' order by 1");

    public async ValueTask DisposeAsync()
    {
        await Psql.RunAsync(server, "postgres", $"drop database {Name} with (force)");
        await Psql.RunAsync(server, "postgres", $"drop role {Name}");
    }
}
