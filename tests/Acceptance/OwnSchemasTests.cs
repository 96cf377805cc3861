using System.Diagnostics;
using SchemaIsolation.Testing;

namespace SchemaIsolation.Tests.Acceptance;

/// <summary>A suite that makes its own schemas leaves none, however its run ends.</summary>
public sealed class OwnSchemasTests(TestServer server, BuiltSuites suites)
{
    [Fact]
    public async Task What_a_suite_makes_itself_is_swept_when_its_run_has_ended()
    {
        await using var database = await server.CreateDatabaseAsync();
        var suite = Copy(database);
        File.Delete(Path.Combine(suite.Directory, "schemaisolation.json"));
        suite.Write(
            "ci.runsettings",
            $"""
            <RunSettings>
              <DataCollectionRunSettings>
                <DataCollectors>
                  <DataCollector friendlyName="SchemaIsolation">
                    <Configuration><Sweep Database="{database.Name}" Schemas="test_*"/></Configuration>
                  </DataCollector>
                </DataCollectors>
              </DataCollectionRunSettings>
            </RunSettings>
            """);

        var result = await suite.TestAsync("--settings", "ci.runsettings", "--filter", "DisplayName~forgets_it");

        result.MustSucceed();
        var sweeps = suite.ReadReport().GetProperty("sweeps");
        Assert.Equal("start", sweeps[0].GetProperty("when").GetString());
        Assert.Equal("end", sweeps[1].GetProperty("when").GetString());
        Assert.Equal(1, sweeps[1].GetProperty("dropped").GetInt32());
        Assert.Equal("0", await CountSchemasAsync(database));
    }

    [Fact]
    public async Task When_the_whole_run_is_killed_the_keeper_sweeps()
    {
        await using var database = await server.CreateDatabaseAsync();
        var suite = Copy(database);
        using var run = Start(suite);
        await FileSignal.WaitAsync(suite.Environment["OWN_SCHEMAS_SIGNAL"], run);
        var made = await CountSchemasAsync(database);

        (await Dotnet.RunAsync("kill", suite.Directory, ["-s", "KILL", "--", $"-{run.Id}"])).MustSucceed();

        Assert.Equal("20", made);
        await Eventually.TrueAsync(async () => await CountSchemasAsync(database) == "0");
        await Dotnet.WaitAsync(run);
    }

    [Fact]
    public async Task When_the_keeper_is_killed_as_well_the_next_run_sweeps_before_its_tests_start()
    {
        await using var database = await server.CreateDatabaseAsync();
        var suite = Copy(database);
        using (var run = Start(suite))
        {
            await FileSignal.WaitAsync(suite.Environment["OWN_SCHEMAS_SIGNAL"], run);
            await RunProcesses.KillAsync(suite.Environment["OWN_SCHEMAS_SIGNAL"]);
            await Dotnet.WaitAsync(run);
        }

        var left = await CountSchemasAsync(database);
        var next = await suite.TestAsync("--collect:SchemaIsolation", "--filter", "DisplayName~Finds_no_schema");

        Assert.Equal("20", left);
        next.MustSucceed();
        Assert.Equal(20, suite.ReadReport().GetProperty("sweeps")[0].GetProperty("dropped").GetInt32());
    }

    [Fact]
    public async Task The_sweep_command_drops_what_a_rule_names()
    {
        await using var database = await server.CreateDatabaseAsync();
        var suite = Copy(database);
        await Psql.RunAsync(database.ConnectionString, "create schema test_left", "create schema kept");

        var dryRun = await Dotnet.RunAsync(suite.Directory, ["exec", suites.Keeper, "sweep", "--dry-run"], suite.Environment);
        var afterDryRun = await CountSchemasAsync(database);
        var sweep = await Dotnet.RunAsync(suite.Directory, ["exec", suites.Keeper, "sweep"], suite.Environment);

        Assert.Contains($"would drop schema test_left in database {database.Name}", dryRun.Output, StringComparison.Ordinal);
        Assert.Equal("1", afterDryRun);
        sweep.MustSucceed();
        Assert.Contains($"Swept the schemas in database \"{database.Name}\": 1 dropped", sweep.Output, StringComparison.Ordinal);
        Assert.Equal("kept", await Psql.RunAsync(database.ConnectionString, "select string_agg(nspname, ',') from pg_namespace where nspname in ('kept', 'test_left')"));
    }

    private SuiteRun Copy(TestDatabase database)
    {
        var suite = suites.Copy("OwnSchemas", server);
        suite.Environment["OWN_SCHEMAS_CONNECTION"] = database.ConnectionString;
        suite.Environment["OWN_SCHEMAS_SIGNAL"] = Path.Combine(suite.Directory, "made");
        suite.Write("schemaisolation.json", $$"""{ "Sweep": { "Database": "{{database.Name}}", "Schemas": "test_*" } }""");
        return suite;
    }

    private static Process Start(SuiteRun suite)
        => Dotnet.Start(
            "setsid",
            suite.Directory,
            ["dotnet", "test", "--no-build", "-nologo", "--collect:SchemaIsolation", "--filter", "DisplayName~until_it_is_killed"],
            suite.Environment);

    private static Task<string> CountSchemasAsync(TestDatabase database)
        => Psql.RunAsync(database.ConnectionString, "select count(*) from pg_namespace where nspname like 'test%'");
}
