using SchemaIsolation.Keeper.Postgres;

namespace SchemaIsolation.Tests.Unit.Postgres;

public sealed class ServerFeaturesTests
{
    [Theory]
    [InlineData(14, "")]
    [InlineData(15, "WalLog, FileCopy")]
    [InlineData(17, "WalLog, FileCopy")]
    [InlineData(18, "WalLog, FileCopy, FileClone")]
    [InlineData(19, "WalLog, FileCopy, FileClone")]
    public void A_version_has_its_ways_to_copy_a_database(int version, string expected)
        => Assert.Equal(expected, string.Join(", ", new ServerFeatures(version).CloneStrategies));

    [Theory]
    [InlineData(14, null, "create database \"si_s_00000001_1\" template \"si_t_0123456789abcdef\"")]
    [InlineData(15, "WalLog", "create database \"si_s_00000001_1\" template \"si_t_0123456789abcdef\" strategy wal_log")]
    [InlineData(15, "FileCopy", "create database \"si_s_00000001_1\" template \"si_t_0123456789abcdef\" strategy file_copy")]
    [InlineData(18, "WalLog", "create database \"si_s_00000001_1\" template \"si_t_0123456789abcdef\" strategy wal_log")]
    [InlineData(18, "FileCopy", "set file_copy_method = copy; create database \"si_s_00000001_1\" template \"si_t_0123456789abcdef\" strategy file_copy")]
    [InlineData(18, "FileClone", "set file_copy_method = clone; create database \"si_s_00000001_1\" template \"si_t_0123456789abcdef\" strategy file_copy")]
    public void A_way_to_copy_is_asked_for_in_the_versions_words(int version, string? strategy, string expected)
    {
        var statements = TemplateSql.CreateDatabase(
            "si_s_00000001_1", "si_t_0123456789abcdef", strategy is null ? null : Enum.Parse<CloneStrategy>(strategy), new ServerFeatures(version));

        Assert.Equal(expected, string.Join("; ", statements));
    }

    [Theory]
    [InlineData(14, true, null)]
    [InlineData(14, false, null)]
    [InlineData(15, true, null)]
    [InlineData(15, false, CloneStrategy.FileCopy)]
    [InlineData(18, true, null)]
    [InlineData(18, false, CloneStrategy.FileCopy)]
    public void Where_nothing_was_measured_files_are_copied_on_a_server_that_does_not_wait_for_its_disk(int version, bool isDurable, object? expected)
    {
        var server = new ServerDescription(version * 10000, $"{version}.0", isDurable, CanCreateDatabases: true, CanCreateSchemas: true, "tester", IsSuperuser: false, CanWatchClients: true);

        Assert.Equal(expected, server.ProbableStrategy);
    }
}
