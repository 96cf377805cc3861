using Npgsql;
using SchemaIsolation.Testing;
using SchemaIsolation.Wire;
using Xunit;

namespace SchemaIsolation.Tests.PostgreSql.Sessions;

/// <summary>What tests could share without knowing.</summary>
public sealed class SharedStateTests(TestServer server)
{
    [Fact]
    public async Task A_table_made_before_the_schema_is_refused_by_the_server_instead_of_shared_in_public()
    {
        using var project = new ProjectDirectory();
        await using var session = RunningSession.Start(project.Configure(server.Address));
        await using var lease = await session.LeaseAsync(LeaseKind.Schema, LeaseContent.NameOnly);

        var refusal = await Assert.ThrowsAsync<PostgresException>(() => Psql.RunAsync(lease.ConnectionString, "create table t (n int)"));

        Assert.Equal("3F000", refusal.SqlState);
    }

    [Fact]
    public async Task A_database_has_the_settings_that_the_migrations_gave_it()
    {
        using var project = new ProjectDirectory().Migration(
            "1.sql",
            """
            do $$ begin
                execute format('alter database %I set timezone to %L', current_database(), 'Asia/Tokyo');
                execute format('alter database %I set search_path to "od d", public', current_database());
            end $$;
            """);
        await using var session = RunningSession.Start(project.Configure(server.Address));

        await using var database = await session.LeaseAsync(LeaseKind.Database);

        Assert.Equal(
            "Asia/Tokyo|\"od d\", public",
            await Psql.RunAsync(database.ConnectionString, "select current_setting('timezone'), current_setting('search_path')"));
    }

    [Fact]
    public async Task Migrations_that_drop_their_own_schema_are_refused_to_schemas()
    {
        using var project = new ProjectDirectory().Migration("1.sql", "create table t (n int); do $$ begin execute format('drop schema %I cascade', current_schema()); end $$");
        await using var session = RunningSession.Start(project.Configure(server.Address, ("Isolation", "Schema")));

        var refusal = await Assert.ThrowsAsync<SchemaIsolationException>(() => session.LeaseAsync());

        Assert.Equal("SI1208", refusal.Code);
    }

    [Fact]
    public async Task An_error_of_any_length_reaches_the_test_with_its_code()
    {
        using var project = new ProjectDirectory().Migration("1.sql", "do $$ begin raise exception '%', repeat('x', 100000) || U&'\\FFFF'; end $$");
        await using var session = RunningSession.Start(project.Configure(server.Address));

        var refusal = await Assert.ThrowsAsync<SchemaIsolationException>(() => session.LeaseAsync());

        Assert.Equal("SI1206", refusal.Code);
        Assert.InRange(refusal.Reason.Length, 1000, 5000);
    }
}
