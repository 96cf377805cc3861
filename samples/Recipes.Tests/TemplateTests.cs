using Npgsql;
using SchemaIsolation;

namespace Recipes.Tests;

public sealed class TemplateTests
{
    private static readonly TemplateDefinition Orders = new("orders", fingerprint: "3", async (connectionString, cancellationToken) =>
    {
        await using var db = NpgsqlDataSource.Create(connectionString);
        await using var command = db.CreateCommand("create table orders (id int)");
        await command.ExecuteNonQueryAsync(cancellationToken);
    });

    [Fact]
    public async Task A_template_that_starts_from_another_has_its_own_seeds()
    {
        await using var schema = await IsolatedSchema.LeaseAsync(new LeaseOptions { Template = "catalogue" });

        await using var db = NpgsqlDataSource.Create(schema.ConnectionString);
        await using var connection = await db.OpenConnectionAsync();
        Assert.Equal(3, await new PackStore(connection).CountAsync());
    }

    [Fact]
    public async Task Code_makes_a_template_where_no_file_can()
    {
        await using var schema = await IsolatedSchema.LeaseAsync(new LeaseOptions { Definition = Orders });

        await using var db = NpgsqlDataSource.Create(schema.ConnectionString);
        await using var command = db.CreateCommand("select count(*) from orders");
        Assert.Equal(0L, await command.ExecuteScalarAsync());
    }
}
