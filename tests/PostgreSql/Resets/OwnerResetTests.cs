using SchemaIsolation.Keeper.Postgres;
using SchemaIsolation.Keeper.Slots;
using SchemaIsolation.Testing;
using Xunit;

namespace SchemaIsolation.Tests.PostgreSql.Resets;

/// <summary>A role that owns its databases and is no superuser: triggers fire and foreign keys hold in its resets, and not every catalogue is shown.</summary>
public sealed class OwnerResetTests(TestServer server)
{
    private const string Hens = "create table hens (id int primary key, egg int); insert into hens values (1, 1)";
    private const string Eggs = "create table eggs (id int primary key, hen int references hens (id)); insert into eggs values (1, 1)";
    private static readonly string[] Secrets =
        ["create table secrets (n int)", "insert into secrets values (1)", "alter table secrets enable row level security", "alter table secrets force row level security"];

    [Theory]
    [InlineData("owner_1", Hens + "; " + Eggs, "delete from eggs; delete from hens; insert into hens select generate_series(5, 50)")]
    [InlineData("owner_2", Hens + "; " + Eggs + "; alter table eggs alter constraint eggs_hen_fkey deferrable initially deferred; alter table hens add foreign key (egg) references eggs (id) deferrable initially deferred", "insert into hens values (2, 1)")]
    [InlineData("owner_12", Hens + "; " + Eggs, "update hens set egg = 2")]
    [InlineData("owner_3", "create table links (id int primary key, next int references links (id) on delete cascade); insert into links values (1, 2), (2, 1)", "delete from links where id = 1")]
    [InlineData("owner_4", "create table audit (what text); create function note() returns trigger language plpgsql as 'begin insert into public.audit values (tg_op);return null;end'; " + Hens + "; create trigger t after insert or delete on hens execute function note()", "delete from hens")]
    [InlineData("owner_13", "create table audit (what text); create function note() returns trigger language plpgsql as 'begin insert into audit values (tg_op);return null;end'; " + Hens + "; create trigger t after insert or delete on hens execute function note()", "delete from hens")]
    [InlineData("owner_5", "select lo_from_bytea(4711, 'abc')", "select lo_get(4711)")]
    public async Task What_an_owner_may_undo_is_undone(string role, string template, string work)
    {
        await using var postgres = await ConnectAsync(role);
        await using var used = await ResetCase.CreateAsync(postgres, template.Split("; "));
        await used.UseAsync(work.Split("; "));

        var reason = await used.ResetAsync();

        Assert.Null(reason);
        Assert.Equal("", await used.CompareAsync());
    }

    [Theory]
    [InlineData("owner_6", Hens + "; " + Eggs + "; alter table hens add foreign key (egg) references eggs (id)", "insert into hens values (2, 1); insert into eggs values (2, 2)", "its reset failed: update or delete on table")]
    [InlineData("owner_7", "select lo_from_bytea(4711, 'abc')", "select lo_put(4711, 0, 'xyz')", "it changed what pg_largeobject lists")]
    [InlineData("owner_8", "create table t (n int); insert into t values (1)", "insert into t values (2); analyze t", "it changed what pg_stats lists")]
    public async Task What_an_owner_may_not_undo_is_named(string role, string template, string work, string named)
    {
        await using var postgres = await ConnectAsync(role);
        await using var used = await ResetCase.CreateAsync(postgres, template.Split("; "));
        await used.UseAsync(work.Split("; "));

        var reason = await used.ResetAsync();

        Assert.StartsWith(named, reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rows_that_row_security_hides_from_their_owner_are_not_taken_for_reset()
    {
        await using var postgres = await ConnectAsync("owner_9");
        await using var used = await ResetCase.CreateAsync(postgres, Secrets);

        var reason = await used.ResetAsync();

        Assert.Equal("its reset failed: query would be affected by row-level security policy for table \"secrets\"", reason);
    }

    [Fact]
    public async Task Slots_that_can_never_be_reset_make_nobody_wait()
    {
        await using var postgres = await ConnectAsync("owner_10");
        await using var session = await OwnSession.StartAsync(postgres);
        var template = session.Databases.NextForSlot();
        await session.Databases.CreateAsync(template, template: null, CancellationToken.None);
        await Psql.RunAsync(postgres.Address, template, Secrets);
        await using var recycled = new RecycledDatabases(
            session.Databases, (clone, cancellationToken) => session.Databases.CreateAsync(clone, template, cancellationToken), schema: null, isFenced: true, mostAtOnce: () => 1);

        await LeaseAndReturnAsync(recycled, times: 5);

        Assert.Equal(5, recycled.Retired.Count);
    }

    [Fact]
    public async Task Work_of_another_role_that_is_hidden_is_not_taken_for_none()
    {
        await using var postgres = await ConnectAsync("owner_11");
        await using var used = await ResetCase.CreateAsync(postgres, "create table t (n int)");
        await using var other = await server.Postgres.OpenUnpooledAsync(used.Used.ToString(), CancellationToken.None);
        await Psql.RunAsync(other, "begin", "select 1");

        var reason = await used.ResetAsync();

        Assert.Equal("it went on after its release, with: <insufficient privilege>", reason);
    }

    private static async Task LeaseAndReturnAsync(RecycledDatabases recycled, int times)
    {
        using var timeLimit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        for (var lease = 1; lease <= times; lease++)
        {
            var slot = await recycled.TakeAsync(timeLimit.Token);
            await recycled.TakeBackAsync(slot, lease, timeLimit.Token);
        }
    }

    private async Task<PostgresServer> ConnectAsync(string role)
    {
        await Psql.RunAsync(server.Address, "postgres", $"create role {role} login createdb");
        return await PostgresServer.ConnectAsync(ServerAddress.ForSocket(server.Address.Host, role), "postgres", CancellationToken.None);
    }
}
