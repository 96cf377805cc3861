using SchemaIsolation.Keeper.Postgres;
using SchemaIsolation.Keeper.Sweeping;
using SchemaIsolation.Testing;
using Xunit;

namespace SchemaIsolation.Tests.PostgreSql.Sweeping;

public sealed class LeftoverSweepTests(SweptServer server) : IClassFixture<SweptServer>
{
    [Fact]
    public async Task Leftovers_of_a_dead_session_are_dropped()
    {
        var session = SessionId.New();
        var schemas = await server.LeaveAsync(DatabaseName.ForSession(session, 1));
        var slot = await server.LeaveAsync(DatabaseName.ForSlot(session, 2));

        var result = await SweepAsync();

        Assert.Equal([slot.ToString(), schemas.ToString()], result.Dropped.Where(database => database.Contains(session.Text, StringComparison.Ordinal)));
        Assert.False(await server.HasAsync(schemas.ToString()));
        Assert.False(await server.HasAsync(slot.ToString()));
    }

    [Fact]
    public async Task Leftovers_of_a_live_session_are_kept()
    {
        var session = SessionId.New();
        await using var alive = await AdvisoryLock.TryTakeSessionAsync(server.Postgres, session, CancellationToken.None);
        var database = await server.LeaveAsync(DatabaseName.ForSession(session, 1));

        var result = await SweepAsync();

        Assert.True(await server.HasAsync(database.ToString()));
        Assert.DoesNotContain(database.ToString(), result.Dropped);
        Assert.DoesNotContain(database.ToString(), result.Kept);
    }

    [Fact]
    public async Task Leftovers_of_a_live_session_are_kept_by_one_with_another_maintenance_database()
    {
        var session = SessionId.New();
        await using var alive = await AdvisoryLock.TryTakeSessionAsync(server.Postgres, session, CancellationToken.None);
        var database = await server.LeaveAsync(DatabaseName.ForSession(session, 1));
        await Psql.RunAsync(server.Address, "postgres", "create database other_maintenance");
        await using var elsewhere = await PostgresServer.ConnectAsync(server.Address, "other_maintenance", CancellationToken.None);

        await LeftoverSweep.RunAsync(elsewhere, isDryRun: false, CancellationToken.None);

        Assert.True(await server.HasAsync(database.ToString()));
    }

    [Fact]
    public async Task A_leftover_that_somebody_is_connected_to_is_kept_and_told()
    {
        var session = SessionId.New();
        var busy = await server.LeaveAsync(DatabaseName.ForSession(session, 1));
        var idle = await server.LeaveAsync(DatabaseName.ForSession(session, 2));
        await using var client = await server.Postgres.OpenUnpooledAsync(busy.ToString(), CancellationToken.None);

        var result = await SweepAsync();

        Assert.Contains(busy.ToString(), result.Kept);
        Assert.Contains(idle.ToString(), result.Dropped);
        Assert.Empty(result.Failures);
        Assert.Equal("1", await Psql.RunAsync(client, "select 1"));
    }

    [Theory]
    [InlineData("si_s_zz")]
    [InlineData("SI_S_00000000_1")]
    [InlineData("si_s_00000000_1x")]
    [InlineData("si_s_00000000_01")]
    [InlineData("si_s_00000000")]
    [InlineData("si_s_0000000A_1")]
    [InlineData("si_s_00000000_99999999999")]
    [InlineData("si_x_00000000_1")]
    [InlineData("si_t_00000000")]
    [InlineData("my_si_s_00000000_1")]
    [InlineData("sixs_00000000_1")]
    [InlineData("si_s_00000000_1 ")]
    [InlineData("si_s_00000000_1\n")]
    public async Task A_name_near_ours_is_never_touched(string name)
    {
        await server.Postgres.ExecuteAsync($"create database \"{name}\" template template0", CancellationToken.None);

        await SweepAsync();

        Assert.True(await server.HasAsync(name));
    }

    [Fact]
    public async Task An_unfinished_template_that_nobody_builds_is_dropped()
    {
        var template = await server.LeaveAsync(DatabaseName.ForTemplate("c000000000000001"));

        var result = await SweepAsync();

        Assert.Contains(template.ToString(), result.Dropped);
        Assert.False(await server.HasAsync("si_t_c000000000000001"));
    }

    [Fact]
    public async Task A_published_template_is_kept()
    {
        var template = await server.LeaveAsync(DatabaseName.ForTemplate("c100000000000001"));
        await server.Postgres.ExecuteAsync(Sql.Publish(template.ToString()), CancellationToken.None);

        var result = await SweepAsync();

        Assert.DoesNotContain(template.ToString(), result.Dropped);
        Assert.True(await server.HasAsync("si_t_c100000000000001"));
    }

    [Fact]
    public async Task A_template_that_is_being_built_is_kept()
    {
        await using var building = await AdvisoryLock.BuildTemplateAsync(server.Postgres, "c200000000000001", CancellationToken.None);
        var template = await server.LeaveAsync(DatabaseName.ForTemplate("c200000000000001"));

        var result = await SweepAsync();

        Assert.DoesNotContain(template.ToString(), result.Dropped);
        Assert.True(await server.HasAsync("si_t_c200000000000001"));
    }

    [Fact]
    public async Task A_copy_that_a_killed_keeper_was_measuring_is_dropped()
    {
        var probe = await server.LeaveAsync(DatabaseName.ForProbe("c300000000000001"));

        var result = await SweepAsync();

        Assert.Contains(probe.ToString(), result.Dropped);
        Assert.False(await server.HasAsync("si_p_c300000000000001"));
    }

    [Fact]
    public async Task A_copy_that_a_live_keeper_is_measuring_is_kept()
    {
        await using var building = await AdvisoryLock.BuildTemplateAsync(server.Postgres, "c400000000000001", CancellationToken.None);
        var probe = await server.LeaveAsync(DatabaseName.ForProbe("c400000000000001"));

        var result = await SweepAsync();

        Assert.DoesNotContain(probe.ToString(), result.Dropped);
        Assert.True(await server.HasAsync("si_p_c400000000000001"));
    }

    [Fact]
    public async Task A_dry_run_names_what_it_would_drop_and_drops_nothing()
    {
        var session = SessionId.New();
        var idle = await server.LeaveAsync(DatabaseName.ForSession(session, 1));
        var busy = await server.LeaveAsync(DatabaseName.ForSession(session, 2));
        await using var client = await server.Postgres.OpenUnpooledAsync(busy.ToString(), CancellationToken.None);

        var result = await LeftoverSweep.RunAsync(server.Postgres, isDryRun: true, CancellationToken.None);

        Assert.Contains(idle.ToString(), result.Dropped);
        Assert.Contains(busy.ToString(), result.Kept);
        Assert.True(await server.HasAsync(idle.ToString()));
    }

    [Fact]
    public async Task A_leftover_that_cannot_be_dropped_keeps_no_other()
    {
        var session = SessionId.New();
        var stuck = await server.LeaveAsync(DatabaseName.ForSession(session, 1));
        var other = await server.LeaveAsync(DatabaseName.ForSession(session, 2));
        await Psql.RunAsync(server.Address, "postgres", "create role sweeper login createdb");
        await Psql.RunAsync(server.Address, "postgres", $"alter database {other} owner to sweeper");
        await using var sweeper = await PostgresServer.ConnectAsync(ServerAddress.ForSocket(server.Address.Host, "sweeper"), "postgres", CancellationToken.None);

        var result = await LeftoverSweep.RunAsync(sweeper, isDryRun: false, CancellationToken.None);

        Assert.Contains($"{stuck}: must be owner of database {stuck}", result.Failures);
        Assert.Contains(other.ToString(), result.Dropped);
    }

    [Fact]
    public async Task A_database_slot_that_its_test_published_as_a_template_is_a_leftover_too()
    {
        var slot = await server.LeaveAsync(DatabaseName.ForSlot(SessionId.New(), 1));
        await server.Postgres.ExecuteAsync(Sql.Publish(slot.ToString()), CancellationToken.None);

        await SweepAsync();

        Assert.False(await server.HasAsync(slot.ToString()));
    }

    [Fact]
    public async Task Sweeps_at_the_same_time_drop_each_leftover_once()
    {
        var session = SessionId.New();
        var database = await server.LeaveAsync(DatabaseName.ForSession(session, 1));

        var results = await Task.WhenAll(SweepAsync(), SweepAsync(), SweepAsync(), SweepAsync());

        Assert.Single(results.SelectMany(result => result.Dropped), database.ToString());
        Assert.Empty(results.SelectMany(result => result.Failures));
    }

    [Fact]
    public async Task What_is_kept_of_a_failed_test_is_dropped_when_its_time_is_over()
    {
        var time = new ManualTimeProvider();
        var kept = await server.LeaveAsync(DatabaseName.ForKept(SessionId.New(), 1));
        var notes = new KeptNotes { Tests = ["N.C.M"], Project = "/src", KeptAt = time.GetUtcNow(), Until = time.GetUtcNow() + TimeSpan.FromHours(1), Found = "nothing" };
        await server.Postgres.ExecuteAsync(Sql.CommentOnDatabase(kept.ToString(), notes.ToString()), CancellationToken.None);

        await LeftoverSweep.RunAsync(server.Postgres, isDryRun: false, CancellationToken.None, time);
        Assert.True(await server.HasAsync(kept.ToString()));
        time.Advance(TimeSpan.FromHours(1));
        var told = await LeftoverSweep.RunAsync(server.Postgres, isDryRun: true, CancellationToken.None, time);
        Assert.True(await server.HasAsync(kept.ToString()));
        await LeftoverSweep.RunAsync(server.Postgres, isDryRun: false, CancellationToken.None, time);

        Assert.Contains(kept.ToString(), told.Dropped);
        Assert.False(await server.HasAsync(kept.ToString()));
    }

    [Fact]
    public async Task What_is_kept_without_a_word_for_how_long_is_dropped()
    {
        var kept = await server.LeaveAsync(DatabaseName.ForKept(SessionId.New(), 1));
        await server.Postgres.ExecuteAsync(Sql.CommentOnDatabase(kept.ToString(), "somebody's"), CancellationToken.None);

        await SweepAsync();

        Assert.False(await server.HasAsync(kept.ToString()));
    }

    private Task<SweepResult> SweepAsync() => LeftoverSweep.RunAsync(server.Postgres, isDryRun: false, CancellationToken.None);
}
