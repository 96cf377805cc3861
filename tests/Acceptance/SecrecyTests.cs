using SchemaIsolation.Testing;

namespace SchemaIsolation.Tests.Acceptance;

/// <summary>A password reaches the keeper and the tests, and neither the output nor a file nor an argument list.</summary>
public sealed class SecrecyTests(TestServer server, BuiltSuites suites)
{
    [Fact]
    public async Task A_run_writes_its_password_nowhere()
    {
        var (suite, password) = Suite();

        var result = await suite.TestAsync("--collect:SchemaIsolation", "--logger", "trx", "--filter", "DisplayName~Fails|DisplayName~Reads", "--diag", "diag.log");

        Assert.Equal(1, result.ExitCode);
        Assert.Equal(2, suite.ReadReport().GetProperty("counts").GetProperty("leases").GetInt32());
        Assert.DoesNotContain(password, result.Output, StringComparison.Ordinal);
        Assert.Empty(FilesWith(password, suite.Directory));
    }

    [Fact]
    public async Task A_refused_run_writes_its_password_nowhere()
    {
        var (suite, password) = Suite();
        suite.Write("migrations/0002_broken.sql", "select nope;");

        var result = await suite.TestAsync("--collect:SchemaIsolation", "--logger", "trx", "--filter", "DisplayName~Reads");

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("SI1206", result.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(password, result.Output, StringComparison.Ordinal);
        Assert.Empty(FilesWith(password, suite.Directory));
    }

    [Fact]
    public async Task No_process_of_a_run_has_the_password_in_its_arguments()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Arguments are read from /proc.");
        var (suite, password) = Suite();
        await using var run = ProbeRun.Start(suite, server);
        await run.WaitUntilLeasedAsync();

        var knowing = Directory.EnumerateDirectories("/proc").Where(process => ReadProcess(process, "environ").Contains(password, StringComparison.Ordinal)).ToList();
        var keepers = knowing.Select(process => ReadProcess(process, "cmdline")).Where(arguments => arguments.Contains("SchemaIsolation.Keeper.dll", StringComparison.Ordinal));
        Assert.EndsWith("SchemaIsolation.Keeper.dll\0session\0", Assert.Single(keepers), StringComparison.Ordinal);
        Assert.DoesNotContain(Directory.EnumerateDirectories("/proc"), process => ReadProcess(process, "cmdline").Contains(password, StringComparison.Ordinal));

        run.LetGo();
        Assert.DoesNotContain(password, (await run.EndAsync()).MustSucceed().Output, StringComparison.Ordinal);
    }

    /// <summary>A suite whose server asks for no password, and which is given one that is found nowhere else.</summary>
    private (SuiteRun Suite, string Password) Suite()
    {
        var suite = suites.Copy("Probe", server);
        var password = $"s3cr3t-{Guid.NewGuid():N}";
        suite.Environment["SCHEMAISOLATION__Server"] = $"Host={server.Address.Host};Username={server.Address.Username};Password={password}";
        return (suite, password);
    }

    private static IEnumerable<string> FilesWith(string text, string directory)
        => Directory.EnumerateFiles(directory, "*", SearchOption.AllDirectories).Where(file => File.ReadAllText(file).Contains(text, StringComparison.Ordinal));

    private static string ReadProcess(string process, string file)
    {
        try
        {
            return File.ReadAllText(Path.Combine(process, file));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Not a process, or one that has ended, or another user's.
            return "";
        }
    }
}
