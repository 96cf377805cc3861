using SchemaIsolation.Keeper.Configuration;
using SchemaIsolation.Keeper.Postgres;
using SchemaIsolation.Keeper.Templates;
using SchemaIsolation.Testing;

namespace SchemaIsolation.Tests.PostgreSql.Templates;

internal static class TemplateStores
{
    public static TemplateStore Of(PostgresServer server, Options options, string template = TemplateOptions.DefaultName, TimeProvider? time = null)
        => new(server, TemplateSource.ReadAll(options)[template], _ => { }, time ?? TimeProvider.System);

    public static DatabaseName NameOf(this TemplateStore store, TemplateKind kind, PostgresServer server)
        => DatabaseName.ForTemplate(store.Source.Fingerprint(kind, server.Description));

    /// <summary>Asks for the template from a connection of its own, as a keeper does, and stops using it.</summary>
    public static async Task<Template> EnsureApartAsync(TestServer server, Options options, TemplateKind kind)
    {
        await using var postgres = await server.ConnectAsync();
        await using var template = await Of(postgres, options).EnsureAsync(kind, CancellationToken.None);
        return template;
    }

    /// <summary>Builds the template, stops using it, and copies it into a database that can be connected to.</summary>
    public static async Task<TestDatabase> CopyAsync(TestServer server, Options options, TemplateKind kind)
    {
        await using var template = await Of(server.Postgres, options).EnsureAsync(kind, CancellationToken.None);
        var name = $"copy_{template.Name.Owner}";
        await server.Postgres.ExecuteAsync($"create database {name} template {template.Name}", CancellationToken.None);
        return new TestDatabase(
            name,
            server.Address.For(name).ConnectionString,
            () => server.Postgres.ExecuteAsync($"drop database {name} with (force)", CancellationToken.None));
    }
}
