using System.Text.Json;
using SchemaIsolation.Testing;

namespace SchemaIsolation.Tests.Acceptance;

/// <summary>The packed tool, as people and programs use it.</summary>
public sealed class ToolTests(TestServer server, BuiltSuites suites) : IClassFixture<TestServer>
{
    [Fact]
    public async Task A_test_database_is_set_up_migrated_cleaned_verified_and_dropped()
    {
        var suite = Copy("life_test");

        var setup = await RunAsync(suite, "setup");
        var again = await RunAsync(suite, "--json");
        suite.Write("migrations/0009_size.sql", "alter table widgets add column size int");
        var pending = await RunAsync(suite, "verify");
        var migrated = await RunAsync(suite, "migrate");
        await Psql.RunAsync(server.Address, "life_test", "insert into widgets (name) values ('mine')");
        var status = await RunAsync(suite, "status", "--json");
        var asked = await RunAsync(suite, "clean");
        var cleaned = await RunAsync(suite, "clean", "--force");
        var updated = await RunAsync(suite, "verify", "--update");
        var well = await RunAsync(suite, "verify", "--json");
        var dropped = await RunAsync(suite, "drop", "--force", "--json");
        var none = await RunAsync(suite, "clean", "--force", "--json");

        Assert.Contains("created life_test", setup.MustSucceed().Output, StringComparison.Ordinal);
        Assert.Empty(Json(again).GetProperty("testDatabase").GetProperty("ran").EnumerateArray());
        Assert.Equal(1, pending.ExitCode);
        Assert.Contains("\"0009_size.sql\" was not run", pending.Output, StringComparison.Ordinal);
        Assert.Contains("-   column size integer", pending.Output, StringComparison.Ordinal);
        Assert.Contains("ran 0009_size.sql", migrated.MustSucceed().Output, StringComparison.Ordinal);
        Assert.Equal(3, Json(status).GetProperty("testDatabase").GetProperty("tables")[0].GetProperty("rows").GetInt32());
        Assert.Equal(2, asked.ExitCode);
        Assert.StartsWith("SI4007: ", asked.Output, StringComparison.Ordinal);
        cleaned.MustSucceed();
        updated.MustSucceed();
        Assert.Contains("  column size integer\n", await File.ReadAllTextAsync(Path.Combine(suite.Directory, "schemaisolation.schema.txt")), StringComparison.Ordinal);
        Assert.All(Json(well).GetProperty("checks").EnumerateArray(), check => Assert.Equal("ok", check.GetProperty("outcome").GetString()));
        Assert.Contains("life_test", Json(dropped).GetProperty("dropped").EnumerateArray().Select(name => name.GetString()));
        Assert.Equal(1, none.ExitCode);
        Assert.Equal("", await Psql.RunAsync(server.Address, "postgres", "select datname from pg_database where datname = 'life_test'"));
    }

    [Fact]
    public async Task Status_says_who_runs_and_sweep_ends_what_is_given_up()
    {
        var suite = Copy("given_up_test");
        await using var run = ProbeRun.Start(suite, server);
        await run.WaitUntilLeasedAsync();

        var status = await RunAsync(suite, "status", "--json");
        var sweep = await RunAsync(suite, "sweep", "--all-mine", "--force", "--json");
        var after = await RunAsync(suite, "status", "--json");

        var session = Assert.Single(Json(status).GetProperty("sessions").EnumerateArray());
        Assert.Equal("Probe", session.GetProperty("project").GetString());
        Assert.Equal(Environment.MachineName[..Math.Min(16, Environment.MachineName.Length)], session.GetProperty("host").GetString());
        Assert.NotEmpty(session.GetProperty("connected").EnumerateArray());
        Assert.Single(Json(sweep).GetProperty("ended").EnumerateArray());
        Assert.Equal(0, Json(sweep).GetProperty("left").GetInt32());
        Assert.Equal("dropped", Json(sweep).GetProperty("leftovers")[0].GetProperty("state").GetString());
        Assert.Empty(Json(after).GetProperty("sessions").EnumerateArray());
        Assert.Empty(Json(after).GetProperty("leftovers").EnumerateArray());
    }

    [Fact]
    public async Task A_command_that_leaves_something_is_told_from_one_that_does_not()
    {
        var suite = Copy("verified_test");
        var leak = $"create database si_d_0000abcd_{Random.Shared.Next(1, int.MaxValue)}";

        var clean = await RunAsync(suite, "verify", "--", "dotnet", "test", "--no-build", "-nologo", "--collect:SchemaIsolation", "--filter", "DisplayName~Reads_the_migrated_rows");
        using var leaking = Dotnet.Start(
            Path.Combine(suites.Tools, "schema-isolation"),
            suite.Directory,
            ["verify", "--json", "--", "sh", "-c", "echo started > started; until [ -e leaked ]; do sleep 0.05; done"],
            suite.Environment);
        await FileSignal.WaitAsync(Path.Combine(suite.Directory, "started"), leaking);
        await Psql.RunAsync(server.Address, "postgres", leak);
        suite.Write("leaked", "");
        var answer = await Dotnet.WaitAsync(leaking);
        await Psql.RunAsync(server.Address, "postgres", leak.Replace("create", "drop", StringComparison.Ordinal));

        Assert.Contains("ok      schemas and databases of tests: 0 before, 0 after, 0 left by the command", clean.MustSucceed().Output, StringComparison.Ordinal);
        Assert.Equal(1, answer.ExitCode);
        Assert.Equal($"+ {leak["create ".Length..]}", Json(answer, succeeds: false).GetProperty("checks")[1].GetProperty("lines")[0].GetString());
    }

    [Fact]
    public async Task One_leftover_is_enough_for_verify_to_fail_until_it_is_swept()
    {
        var suite = Copy("leftover_test");
        var left = $"si_d_0000beef_{Random.Shared.Next(1, int.MaxValue)}";
        await Psql.RunAsync(server.Address, "postgres", $"create database {left}");

        var failed = await RunAsync(suite, "verify", "--json");
        var swept = await RunAsync(suite, "sweep", "--json");
        var setup = await RunAsync(suite, "setup");
        var well = await RunAsync(suite, "verify");

        Assert.Equal(1, failed.ExitCode);
        var leftovers = Json(failed, succeeds: false).GetProperty("checks").EnumerateArray().Single(check => check.GetProperty("name").GetString() == "leftovers");
        Assert.Equal(left, leftovers.GetProperty("lines")[0].GetString());
        Assert.Equal((left, "postgres"), (Json(swept).GetProperty("leftovers")[0].GetProperty("name").GetString(), Json(swept).GetProperty("leftovers")[0].GetProperty("owner").GetString()));
        setup.MustSucceed();
        well.MustSucceed();
    }

    [Fact]
    public async Task An_empty_test_database_templates_and_measurements_are_answered_to_programs()
    {
        var suite = Copy("answers_test");

        var created = await RunAsync(suite, "create", "--json");
        var there = await RunAsync(suite, "create", "--json");
        var reset = await RunAsync(suite, "reset", "--force", "--json");
        var templates = await RunAsync(suite, "templates", "--json");
        var measured = await RunAsync(suite, "bench", "--times", "2", "--json");
        var kept = await RunAsync(suite, "inspect", "--json");

        Assert.Equal("created", Json(created).GetProperty("outcome").GetString());
        Assert.Equal("there", Json(there).GetProperty("outcome").GetString());
        Assert.Equal("answers_test", Json(reset).GetProperty("drop").GetProperty("dropped")[0].GetString());
        Assert.Contains(Json(templates).GetProperty("templates").EnumerateArray(), template => template.GetProperty("names").EnumerateArray().Any(name => name.GetString() == "default"));
        Assert.Equal(4, Json(measured).GetProperty("steps").GetArrayLength());
        Assert.Empty(Json(kept).GetProperty("kept").EnumerateArray());
    }

    [Fact]
    public async Task The_doctor_says_what_is_missing()
    {
        var suite = Copy("doctor_test");
        var stranger = Directory.CreateDirectory(Path.Combine(suite.Temporary, "Stranger")).FullName;
        await File.WriteAllTextAsync(Path.Combine(stranger, "global.json"), """{ "test": { "runner": "Microsoft.Testing.Platform" } }""");

        var well = await RunAsync(suite, "doctor", "--json");
        var missing = await RunAsync(suite, "doctor", "--project", stranger);

        Assert.DoesNotContain(Json(well).GetProperty("checks").EnumerateArray(), check => check.GetProperty("outcome").GetString() == "wrong");
        Assert.Equal(1, missing.ExitCode);
        Assert.Contains("wrong   packages: Nothing is restored here.", missing.Output, StringComparison.Ordinal);
        Assert.Contains("wrong   runner: ", missing.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bash_completes_its_verbs_by_asking_it()
    {
        var suite = Copy("completed_test");

        var completed = await Dotnet.RunAsync(
            "bash",
            suite.Directory,
            ["-c", "source <(schema-isolation completion bash); COMP_WORDS=(schema-isolation sweep --a); COMP_CWORD=2; COMP_LINE='schema-isolation sweep --a'; COMP_POINT=26; _schema_isolation; echo \"${COMPREPLY[*]}\""],
            new Dictionary<string, string>(suite.Environment) { ["PATH"] = $"{suites.Tools}:{Environment.GetEnvironmentVariable("PATH")}" });

        Assert.Equal("--all-mine\n", completed.MustSucceed().Output);
    }

    private SuiteRun Copy(string testDatabase)
    {
        var suite = suites.Copy("Probe", server);
        suite.Environment["SCHEMAISOLATION__TestDatabase"] = testDatabase;
        return suite;
    }

    private Task<CommandResult> RunAsync(SuiteRun suite, params string[] arguments)
        => Dotnet.RunAsync(Path.Combine(suites.Tools, "schema-isolation"), suite.Directory, arguments, suite.Environment);

    private static JsonElement Json(CommandResult result, bool succeeds = true)
        => JsonDocument.Parse((succeeds ? result.MustSucceed() : result).Output).RootElement;
}
