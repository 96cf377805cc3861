using Npgsql;
using SchemaIsolation.Keeper.Postgres;
using SchemaIsolation.Keeper.Reporting;
using SchemaIsolation.Keeper.Templates;
using SchemaIsolation.Testing;
using SchemaIsolation.Tests.PostgreSql.Servers;
using SchemaIsolation.Tests.PostgreSql.Templates;
using SchemaIsolation.Wire;
using Xunit;

namespace SchemaIsolation.Tests.PostgreSql.Sessions;

public sealed class LeasingTests(TestServer server)
{
    [Fact]
    public async Task A_migrated_schema_has_the_tables_and_the_seeds_on_its_search_path()
    {
        using var project = new ProjectDirectory().Migration("1.sql", "create table t (n int)").Seed("1.sql", "insert into t values (7)");
        await using var session = RunningSession.Start(project.Configure(server.Address));

        await using var lease = await session.LeaseAsync();

        Assert.Equal(
            $"{lease.Name}|{lease.Database}|{lease.Name},public|7",
            await Psql.RunAsync(lease.ConnectionString, "select current_schema()::text, current_database()::text, current_setting('search_path'), n from t"));
    }

    [Fact]
    public async Task A_search_path_survives_what_pools_do_between_users()
    {
        using var project = new ProjectDirectory().Migration("1.sql", "create table t (n int)");
        await using var session = RunningSession.Start(project.Configure(server.Address));

        await using var lease = await session.LeaseAsync();

        await using var connection = new NpgsqlConnection(lease.ConnectionString);
        await connection.OpenAsync();
        await Psql.RunAsync(connection, "set search_path to pg_catalog");
        await Psql.RunAsync(connection, "discard all");
        Assert.Equal(lease.Name, await Psql.RunAsync(connection, "select current_schema()::text"));
    }

    [Fact]
    public async Task A_migrated_database_has_the_tables_where_the_migrations_put_them()
    {
        using var project = new ProjectDirectory().Migration("1.sql", "create table t (n int); create schema utils; create table utils.u (n int)");
        await using var session = RunningSession.Start(project.Configure(server.Address));

        await using var lease = await session.LeaseAsync(LeaseKind.Database);

        Assert.Equal(lease.Name, lease.Database);
        Assert.Equal("public.t|utils.u", await Psql.RunAsync(lease.ConnectionString, "set search_path to pg_catalog", "select 'public.t'::regclass::text, 'utils.u'::regclass::text"));
    }

    [Fact]
    public async Task An_empty_schema_exists_and_holds_nothing()
    {
        using var project = new ProjectDirectory();
        await using var session = RunningSession.Start(project.Configure(server.Address));

        await using var lease = await session.LeaseAsync(LeaseKind.Schema, LeaseContent.Empty);

        Assert.Equal($"{lease.Name}|0", await Psql.RunAsync(lease.ConnectionString, "select current_schema()::text, (select count(*) from pg_class where relnamespace = current_schema()::regnamespace)"));
    }

    [Fact]
    public async Task A_reserved_schema_name_is_for_the_test_to_create()
    {
        using var project = new ProjectDirectory();
        await using var session = RunningSession.Start(project.Configure(server.Address));

        await using var lease = await session.LeaseAsync(LeaseKind.Schema, LeaseContent.NameOnly);

        Assert.Equal("", await Psql.RunAsync(lease.ConnectionString, $"select 1 from pg_namespace where nspname = '{lease.Name}'"));
        Assert.Equal(lease.Name, await Psql.RunAsync(lease.ConnectionString, $"create schema {lease.Name}", "select current_schema()::text"));
    }

    [Fact]
    public async Task An_empty_database_exists_and_holds_nothing()
    {
        using var project = new ProjectDirectory();
        await using var session = RunningSession.Start(project.Configure(server.Address));

        await using var lease = await session.LeaseAsync(LeaseKind.Database, LeaseContent.Empty);

        Assert.Equal("0", await Psql.RunAsync(lease.ConnectionString, "select count(*) from pg_class where relnamespace = 'public'::regnamespace"));
    }

    [Fact]
    public async Task A_reserved_database_name_is_for_the_test_to_create()
    {
        using var project = new ProjectDirectory();
        await using var session = RunningSession.Start(project.Configure(server.Address));

        await using var lease = await session.LeaseAsync(LeaseKind.Database, LeaseContent.NameOnly);

        var exception = await Assert.ThrowsAsync<PostgresException>(() => Psql.RunAsync(lease.ConnectionString, "select 1"));
        Assert.Equal("3D000", exception.SqlState);
        await Psql.RunAsync(server.Address, "postgres", $"create database {lease.Name}");
        Assert.Equal("1", await Psql.RunAsync(lease.ConnectionString, "select 1"));
    }

    [Fact]
    public async Task What_one_lease_writes_no_other_sees()
    {
        using var project = new ProjectDirectory().Migration("1.sql", "create table t (n serial, who text)");
        await using var session = RunningSession.Start(project.Configure(server.Address));
        await using var one = await session.LeaseAsync();
        await using var other = await session.LeaseAsync();

        await Psql.RunAsync(one.ConnectionString, "insert into t (who) values ('one')", "create table mine ()");

        Assert.Equal("1", await Psql.RunAsync(other.ConnectionString, "insert into t (who) values ('other') returning n"));
        Assert.Equal("other|", await Psql.RunAsync(other.ConnectionString, "select who, to_regclass('mine')::text from t"));
    }

    [Fact]
    public async Task The_next_lease_sees_nothing_of_the_one_before()
    {
        using var project = new ProjectDirectory().Migration("1.sql", "create table t (n serial, who text)");
        await using var session = RunningSession.Start(project.Configure(server.Address, ("MaxSlots", "1"), ("TemplateCopies", "1")));
        await using (var before = await session.LeaseAsync())
            await Psql.RunAsync(before.ConnectionString, "insert into t (who) values ('before')", "create table mine ()");

        await using var next = await session.LeaseAsync();

        Assert.Equal("0|", await Psql.RunAsync(next.ConnectionString, "select count(*), to_regclass('mine')::text from t"));
    }

    [Fact]
    public async Task Forty_leases_at_once_pass_through_four_places()
    {
        using var project = new ProjectDirectory().Migration("1.sql", "create table t (n int unique)");
        await using var session = RunningSession.Start(project.Configure(server.Address, ("MaxSlots", "4")));

        var counts = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => InsertOneAsync(session)));

        Assert.Equal(40, counts.Length);
        Assert.All(counts, count => Assert.Equal("1", count));
        var report = await session.EndAsync();
        Assert.Equal(40, report.Counts.Leases);
        Assert.Equal(0, report.Counts.Left);
        Assert.Equal(40, report.Leases.Select(lease => lease.Slot).Distinct(StringComparer.Ordinal).Count());
        Assert.DoesNotContain(report.Log, entry => entry.Level != LogLevel.Information);
    }

    [Fact]
    public async Task A_lease_beyond_the_limit_is_refused_with_who_holds_the_others()
    {
        using var project = new ProjectDirectory();
        await using var session = RunningSession.Start(project.Configure(server.Address, ("MaxSlots", "2"), ("LeaseTimeout", "00:00:01")));
        await using var first = await session.LeaseAsync(LeaseKind.Schema, LeaseContent.NameOnly, "PackTests.Creates");
        await using var second = await session.LeaseAsync(LeaseKind.Schema, LeaseContent.NameOnly, "PackTests.Deletes");

        var exception = await Assert.ThrowsAsync<SchemaIsolationException>(() => session.LeaseAsync(LeaseKind.Schema, LeaseContent.NameOnly));

        Assert.Equal("SI2003", exception.Code);
        Assert.StartsWith(
            "All 2 slots were leased for 00:00:01. Dispose leases when their tests end, run fewer tests at once, or raise MaxSlots, the server's max_connections or LeaseTimeout. Held by: ",
            exception.Reason,
            StringComparison.Ordinal);
        Assert.Contains($"\"PackTests.Creates\" ({first.Database}.{first.Name}, ", exception.Reason, StringComparison.Ordinal);
        Assert.Contains($"\"PackTests.Deletes\" ({second.Database}.{second.Name}, ", exception.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_test_that_dies_while_it_waits_gives_up_its_place()
    {
        using var project = new ProjectDirectory();
        await using var session = RunningSession.Start(project.Configure(server.Address, ("MaxSlots", "1")));
        var holder = await session.LeaseAsync(LeaseKind.Schema, LeaseContent.NameOnly);
        using var death = new CancellationTokenSource();
        var waiting = session.LeaseAsync(LeaseKind.Schema, LeaseContent.NameOnly, cancellationToken: death.Token);
        await death.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);

        await holder.DisposeAsync();

        await using var next = await session.LeaseAsync(LeaseKind.Schema, LeaseContent.NameOnly);
        Assert.NotEqual(holder.Name, next.Name);
    }

    [Fact]
    public async Task A_lease_has_a_directory_of_its_own_until_its_release()
    {
        using var project = new ProjectDirectory();
        await using var session = RunningSession.Start(project.Configure(server.Address));
        await using var other = await session.LeaseAsync(LeaseKind.Schema, LeaseContent.NameOnly);
        var lease = await session.LeaseAsync(LeaseKind.Schema, LeaseContent.NameOnly);
        Assert.Empty(Directory.EnumerateFileSystemEntries(lease.Directory));
        Assert.NotEqual(other.Directory, lease.Directory);
        Directory.CreateDirectory(Path.Combine(lease.Directory, "below"));
        await File.WriteAllTextAsync(Path.Combine(lease.Directory, "below", "file"), "text");

        await lease.DisposeAsync();

        await Eventually.TrueAsync(() => Task.FromResult(!Directory.Exists(lease.Directory)));
        Assert.True(Directory.Exists(other.Directory));
    }

    [Fact]
    public async Task A_connection_left_open_at_the_release_is_ended()
    {
        using var project = new ProjectDirectory().Migration("1.sql", "create table t (n int)");
        await using var session = RunningSession.Start(project.Configure(server.Address));
        var lease = await session.LeaseAsync();
        await using var open = new NpgsqlConnection(lease.ConnectionString);
        await open.OpenAsync();
        await Psql.RunAsync(open, "begin", "lock table t");
        var statement = Psql.RunAsync(open, "select pg_sleep(600)");

        await lease.DisposeAsync();

        var exception = await Assert.ThrowsAsync<PostgresException>(() => statement);
        Assert.Equal("57P01", exception.SqlState);
    }

    [Fact]
    public async Task A_release_ends_the_connections_of_no_other_lease()
    {
        using var project = new ProjectDirectory().Migration("1.sql", "create table t (n int)");
        await using var session = RunningSession.Start(project.Configure(server.Address));
        await using var other = await session.LeaseAsync(test: "the same test");
        var lease = await session.LeaseAsync(test: "the same test");
        await using var open = new NpgsqlConnection(other.ConnectionString);
        await open.OpenAsync();

        await lease.DisposeAsync();

        await Eventually.TrueAsync(() => Task.FromResult(!Directory.Exists(lease.Directory)));
        Assert.Equal(other.Name, await Psql.RunAsync(open, "select current_schema()::text"));
    }

    [Fact]
    public async Task The_server_shows_the_test_of_each_connection()
    {
        using var project = new ProjectDirectory();
        await using var session = RunningSession.Start(project.Configure(server.Address));

        await using var lease = await session.LeaseAsync(LeaseKind.Schema, LeaseContent.Empty, "PackTests.Ünïcode_" + new string('x', 80));

        Assert.Equal("si 1 PackTests.?n?code_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", await Psql.RunAsync(lease.ConnectionString, "show application_name"));
    }

    [Fact]
    public async Task A_template_dropped_by_hand_is_built_again()
    {
        using var project = new ProjectDirectory().Migration("1.sql", "create table t (n int)");
        var options = project.Configure(server.Address);
        await using var session = RunningSession.Start(options);
        await using var before = await session.LeaseAsync(LeaseKind.Database);
        var template = TemplateStores.Of(server.Postgres, options).NameOf(TemplateKind.Database, server.Postgres);
        await Psql.RunAsync(server.Address, "postgres", $"alter database {template} is_template false");
        await Psql.RunAsync(server.Address, "postgres", $"drop database {template}");

        await using var lease = await session.LeaseAsync(LeaseKind.Database);

        Assert.Equal("0", await Psql.RunAsync(lease.ConnectionString, "select count(*) from t"));
        Assert.Equal("True", await Psql.RunAsync(server.Address, "postgres", $"select datistemplate from pg_database where datname = '{template}'"));
    }

    [Fact]
    public async Task A_template_that_another_role_built_does_not_keep_this_one_out_of_its_schema()
    {
        await Psql.RunAsync(server.Address, "postgres", "create role newcomer login createdb");
        using var project = new ProjectDirectory().Migration("1.sql", "create table t (n int)");
        await using (var before = RunningSession.Start(project.Configure(server.Address)))
            await (await before.LeaseAsync()).DisposeAsync();
        await using var session = RunningSession.Start(project.Configure(ServerAddress.ForSocket(server.Address.Host, "newcomer")));

        await using var lease = await session.LeaseAsync();

        Assert.Equal("1", await Psql.RunAsync(lease.ConnectionString, "insert into t values (1) returning n"));
    }

    [Fact]
    public async Task A_wrong_token_leases_nothing()
    {
        using var project = new ProjectDirectory();
        await using var session = RunningSession.Start(project.Configure(server.Address));
        var request = new LeaseRequest(LeaseRequest.CurrentProtocol, "wrong", LeaseKind.Schema, LeaseContent.Empty, "a test");

        var exception = await Assert.ThrowsAsync<SchemaIsolationException>(() => TestLease.TakeAsync(session.Endpoint, request, CancellationToken.None));

        Assert.Equal("SI2005", exception.Code);
    }

    private static async Task<string> InsertOneAsync(RunningSession session)
    {
        await using var lease = await session.LeaseAsync();
        return await Psql.RunAsync(lease.ConnectionString, "insert into t values (1)", "select count(*) from t");
    }

    [Fact]
    public async Task A_hundred_tests_at_once_share_the_connections_of_a_small_server()
    {
        using var root = await ServerRoot.CreateAsync();
        await using var server = await root.StartAsync();
        await root.ControlAsync("restart", "-o", "-c max_connections=50");
        using var project = new ProjectDirectory().Migration("1.sql", "create table t (n int)");
        await using var session = RunningSession.Start(project.Configure(server.Address, ("Reuse", "Fenced")));

        await Task.WhenAll(Enumerable.Range(0, 100).Select(number => Task.Run(async () =>
        {
            await using var lease = await session.LeaseAsync();
            Assert.Equal("1", await Psql.RunAsync(lease.ConnectionString, "insert into t values (1)", "select count(*) from t"));
        })));

        await session.AssertEndsWithNothingLeftAsync(server.Address);
    }
}
