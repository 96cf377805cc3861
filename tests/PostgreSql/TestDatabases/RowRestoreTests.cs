using SchemaIsolation.Keeper.Postgres;
using SchemaIsolation.Keeper.Templates;
using SchemaIsolation.Keeper.TestDatabases;
using SchemaIsolation.Testing;
using Xunit;
using TestDatabase = SchemaIsolation.Keeper.TestDatabases.TestDatabase;

namespace SchemaIsolation.Tests.PostgreSql.TestDatabases;

/// <summary>What <c>clean</c> does to rows.</summary>
[Trait("Version", "Any")]
public sealed class RowRestoreTests(TestServer server) : IAsyncLifetime
{
    private const string Shop =
        """
        create schema crm;
        create type mood as enum ('calm', 'cross');
        create table crm.customers (
            id bigint generated always as identity primary key, name text not null check (case when name = '' then false else true end), moods mood[] default '{calm,cross}', kind regclass);
        create table "Odd Orders" (id serial primary key, customer bigint not null references crm.customers, parent int references "Odd Orders", at timestamptz default now());
        create table log (line text);
        create function log_order() returns trigger language plpgsql as $$ begin insert into log values (new.id::text); return new; end $$;
        create trigger logs after insert on "Odd Orders" for each row execute function log_order();
        create table parts (id int, day date) partition by range (day);
        create table parts_2026 partition of parts for values from ('2026-01-01') to ('2027-01-01');
        create sequence numbers start 100;
        create table halves (id int primary key, other int not null);
        create table other_halves (id int primary key, other int not null references halves deferrable);
        alter table halves add foreign key (other) references other_halves deferrable initially deferred;
        insert into halves values (1, 1);
        insert into other_halves values (1, 1);
        create materialized view totals as select count(*) as customers from crm.customers;
        insert into crm.customers (name, kind) values ('of a migration', 'crm.customers');
        insert into parts values (1, '2026-05-05');
        """;

    private const string State =
        """
        select concat_ws(' | ',
            (select string_agg(id || ' ' || name, ', ' order by id) from crm.customers), (select string_agg(moods::text || coalesce(kind::text, ''), ' ' order by id) from crm.customers), (select string_agg(id || ' ' || customer, ', ' order by id) from "Odd Orders"),
            (select string_agg(line, ', ' order by line) from log), (select string_agg(id::text, ', ' order by id) from parts), (select last_value || ' ' || is_called from numbers),
            (select last_value || ' ' || is_called from crm.customers_id_seq), (select customers from totals))
        """;

    private readonly ProjectDirectory project = new();
    private readonly string name = $"clean_test_{Guid.NewGuid():N}";

    public async ValueTask InitializeAsync()
    {
        project.Migration("1_shop.sql", Shop).Seed("a.sql", """insert into crm.customers (name) values ('of a seed'); insert into "Odd Orders" (customer) values (2); refresh materialized view totals""");
        await Open().MigrateAsync(isCreated: true, (_, _, _) => { }, CancellationToken.None);
    }

    [Fact]
    public async Task All_is_as_the_migrations_and_seeds_made_it()
    {
        var before = await QueryAsync(State);
        await QueryAsync(
            "update crm.customers set name = 'changed'",
            "insert into crm.customers (name) select 'more' from generate_series(1, 20)",
            "insert into \"Odd Orders\" (customer, parent) values (5, 1)",
            "insert into parts values (2, '2026-06-06')",
            "select nextval('numbers')",
            "refresh materialized view totals");

        var restored = await Open().CleanAsync(CancellationToken.None);

        Assert.Equal("1 of a migration, 2 of a seed | {calm,cross}crm.customers {calm,cross} | 1 2 | 1 | 1 | 100 false | 2 true | 2", before);
        Assert.Equal(before, await QueryAsync(State));
        Assert.Equal(new RestoredRows(6, 6), restored);
    }

    [Fact]
    public async Task For_an_ordinary_role_no_trigger_runs_and_all_are_as_they_were()
    {
        var role = $"maker_{Guid.NewGuid():N}";
        var owned = $"{name}_owned";
        await Psql.RunAsync(server.Address, "postgres", $"create role {role} login createdb");
        await using (var postgres = await PostgresServer.ConnectAsync(ServerAddress.ForSocket(server.Address.Host, role), "postgres", CancellationToken.None))
        {
            await Open(postgres, owned).MigrateAsync(isCreated: true, (_, _, _) => { }, CancellationToken.None);
            await Psql.RunAsync(server.Address, owned, "insert into \"Odd Orders\" (customer) values (1)");

            await Open(postgres, owned).CleanAsync(CancellationToken.None);

            Assert.Equal("1", await Psql.RunAsync(server.Address, owned, "select count(*) from log"));
            Assert.Equal("O", await Psql.RunAsync(server.Address, owned, "select tgenabled::text from pg_trigger where tgname = 'logs'"));
            await Open(postgres, owned).DropAsync(CancellationToken.None);
            foreach (var template in Enum.GetValues<TemplateKind>())
                await postgres.DropDatabaseAsync(TemplateSource.ReadAll(project.Configure(server.Address))["default"].NameOn(postgres.Description, template), CancellationToken.None);
        }

        await Psql.RunAsync(server.Address, "postgres", $"drop role {role}");
    }

    [Fact]
    public async Task Tables_are_described_in_lines_that_a_file_holds_as_they_are()
    {
        var lines = await SchemaSnapshot.OfDatabaseAsync(server.Postgres, DatabaseName.ForTest(name), CancellationToken.None);

        Assert.Contains(lines, line => line.Contains("CHECK", StringComparison.Ordinal));
        Assert.DoesNotContain(lines, line => line.Contains('\n', StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_connection_stays()
    {
        await using var connection = await server.Postgres.OpenUnpooledAsync(name, CancellationToken.None);

        await Open().CleanAsync(CancellationToken.None);

        await using var command = new Npgsql.NpgsqlCommand("select count(*) from crm.customers", connection);
        Assert.Equal(2L, await command.ExecuteScalarAsync());
    }

    [Fact]
    public async Task Tables_that_are_not_the_migrations_are_refused_and_keep_their_rows()
    {
        await QueryAsync("create table mine (id int)", "insert into mine values (1)", "delete from \"Odd Orders\"");

        var refusal = await Assert.ThrowsAsync<SchemaIsolationException>(() => Open().CleanAsync(CancellationToken.None));

        Assert.Equal("SI4006", refusal.Code);
        Assert.Contains("+ table public.mine", refusal.Reason, StringComparison.Ordinal);
        Assert.Equal("1 0", await QueryAsync("select (select count(*) from mine) || ' ' || (select count(*) from \"Odd Orders\")"));
    }

    [Fact]
    public async Task A_table_that_somebody_has_locked_is_refused_with_the_remedy()
    {
        await using var connection = await server.Postgres.OpenUnpooledAsync(name, CancellationToken.None);
        await Psql.RunAsync(connection, "begin", "lock table crm.customers");

        var refusal = await Assert.ThrowsAsync<SchemaIsolationException>(() => Open().CleanAsync(CancellationToken.None));

        Assert.Equal("SI4006", refusal.Code);
        Assert.Contains("End that transaction", refusal.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_migration_that_was_not_run_is_refused()
    {
        project.Migration("2_more.sql", "create table more (id int)");

        var refusal = await Assert.ThrowsAsync<SchemaIsolationException>(() => Open().CleanAsync(CancellationToken.None));

        Assert.Contains("\"2_more.sql\" was not run", refusal.Reason, StringComparison.Ordinal);
    }

    public async ValueTask DisposeAsync()
    {
        await Psql.RunAsync(server.Address, "postgres", $"drop database if exists {name} with (force)");
        project.Dispose();
    }

    private TestDatabase Open() => Open(server.Postgres, name);

    private TestDatabase Open(PostgresServer postgres, string database)
        => new(postgres, DatabaseName.ForTest(database), project.Path, TemplateSource.ReadAll(project.Configure(server.Address))["default"], TimeProvider.System, _ => { });

    private Task<string> QueryAsync(params string[] statements) => Psql.RunAsync(server.Address, name, statements);
}
