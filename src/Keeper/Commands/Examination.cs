using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using SchemaIsolation.Keeper.Commands.Answers;
using SchemaIsolation.Keeper.Configuration;
using SchemaIsolation.Keeper.Inspection;
using SchemaIsolation.Keeper.Postgres;
using SchemaIsolation.Keeper.Servers;
using SchemaIsolation.Keeper.Sweeping;

namespace SchemaIsolation.Keeper.Commands;

/// <summary>What <c>doctor</c> checks, from the project outwards. One check that fails does not keep the others.</summary>
internal sealed class Examination(ToolRun run)
{
    private const string Collector = "SchemaIsolation.Collector";
    private const int FewConnections = 50;
    private const int OldestSdk = 8;

    private readonly List<CheckAnswer> checks = [];

    public async Task<IReadOnlyList<CheckAnswer>> RunAsync(CancellationToken cancellationToken)
    {
        await AddSdkAsync(cancellationToken);
        if (TryAdd("configuration", run.ReadOptions) is not { } options)
            return checks;

        Add("configuration", isWell: true, "no mistakes in it");
        if (TryAdd("packages", () => ProjectAssets.ListPackages(options.ProjectDirectory)) is { } packages)
            AddPackages(packages);
        AddRunner(options.ProjectDirectory);
        AddRunSettings(options.ProjectDirectory);
        AddMigrations(options);
        await AddServerAsync(cancellationToken);
        return checks;
    }

    private void Add(string name, bool isWell, string detail) => checks.Add(new(name, isWell, detail));

    private T? TryAdd<T>(string name, Func<T> read)
        where T : class
    {
        try
        {
            return read();
        }
        catch (SchemaIsolationException exception)
        {
            Add(name, isWell: false, exception.Message);
            return null;
        }
    }

    private async Task AddSdkAsync(CancellationToken cancellationToken)
    {
        var version = await ReadSdkVersionAsync(run.ProjectDirectory, cancellationToken);
        if (!int.TryParse(version.Split('.')[0], NumberStyles.None, CultureInfo.InvariantCulture, out var major))
            Add("SDK", isWell: false, "\"dotnet --version\" fails here. Put the .NET SDK on PATH; a global.json above may ask for one that is not installed.");
        else if (major < OldestSdk)
            Add("SDK", isWell: false, $"{version.Trim()} is too old. Install the .NET SDK {OldestSdk} or later.");
        else
            Add("SDK", isWell: true, version.Trim());
    }

    private static async Task<string> ReadSdkVersionAsync(string projectDirectory, CancellationToken cancellationToken)
    {
        try
        {
            using var dotnet = Process.Start(new ProcessStartInfo("dotnet", ["--version"]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = projectDirectory })!;
            var output = await dotnet.StandardOutput.ReadToEndAsync(cancellationToken);
            await dotnet.WaitForExitAsync(cancellationToken);
            return output;
        }
        catch (Win32Exception)
        {
            return string.Empty; // There is none, or no such directory; the check says so.
        }
    }

    private void AddPackages(IReadOnlyList<RestoredPackage> packages)
    {
        if (packages.Count == 0)
        {
            Add("packages", isWell: false, "Nothing is restored here. Run \"dotnet restore\" in the test project, or name its directory with --project.");
            return;
        }

        var collector = packages.FirstOrDefault(package => package.Id.Equals(Collector, StringComparison.OrdinalIgnoreCase));
        if (collector is null)
            Add("collector", isWell: false, $"The project does not reference {Collector}: VSTest would say that it cannot find the data collector. Run \"dotnet add package {Collector}\".");
        else if (collector.Directory is null)
            Add("collector", isWell: false, $"{Collector} {collector.Version} is referenced and not unpacked. Run \"dotnet restore\".");
        else
            Add("collector", isWell: true, $"{collector.Version}; \"dotnet test some.dll\" finds it with --test-adapter-path \"{Path.Combine(collector.Directory, "build", "collector")}\"");

        if (!packages.Any(package => package.Id.Equals("Microsoft.NET.Test.Sdk", StringComparison.OrdinalIgnoreCase)))
            Add("test project", isWell: false, "The project does not reference Microsoft.NET.Test.Sdk, so VSTest does not run it. Run this in the test project, or add the package.");
        if (packages.Any(package => package.Id.StartsWith("SchemaIsolation.", StringComparison.OrdinalIgnoreCase) && package.Id.EndsWith(".Abstractions", StringComparison.OrdinalIgnoreCase) && collector is not null && package.Version != collector.Version))
            Add("versions", isWell: false, $"SchemaIsolation.Abstractions and {Collector} are of different versions, and leases would be refused (SI2004). Reference the same one of both.");
    }

    // It knows no data collectors, and says so as an unknown option.
    private void AddRunner(string projectDirectory)
    {
        foreach (var file in ProjectTree.Upwards(projectDirectory).Select(directory => Path.Combine(directory, "global.json")).Where(File.Exists).Take(1))
        {
            try
            {
                using var json = JsonDocument.Parse(File.ReadAllBytes(file), new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
                if (json.RootElement.TryGetProperty("test", out var test) && test.TryGetProperty("runner", out var runner) && runner.GetString() == "Microsoft.Testing.Platform")
                    Add("runner", isWell: false, $"\"{file}\" has tests run by Microsoft.Testing.Platform, which has no data collectors. Remove \"runner\", so that \"dotnet test\" uses VSTest.");
            }
            catch (Exception exception) when (exception is JsonException or InvalidOperationException or IOException or UnauthorizedAccessException)
            {
                Add("runner", isWell: false, $"\"{file}\" cannot be read: {exception.Message}");
            }
        }
    }

    private void AddRunSettings(string projectDirectory)
    {
        var named = ProjectTree.Upwards(projectDirectory).SelectMany(FindRunSettings).FirstOrDefault();
        checks.Add(named is not null
            ? new("IDE", isWell: true, $"\"{named}\" names the collector; choose it as the run settings in Visual Studio (RunSettingsFilePath in the project does so for all)")
            : new("IDE", CheckAnswer.Skipped, "There is no runsettings file that names the collector. On the command line --collect:SchemaIsolation or SchemaIsolationEnabled does; Visual Studio needs such a file, Rider runs no data collectors.", []));
    }

    // What cannot be read no IDE of this user reads either.
    private static IReadOnlyList<string> FindRunSettings(string directory)
    {
        try
        {
            return [.. Directory.EnumerateFiles(directory, "*.runsettings").Where(file => File.ReadAllText(file).Contains("friendlyName=\"SchemaIsolation\"", StringComparison.OrdinalIgnoreCase))];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    private void AddMigrations(Options options)
    {
        if (options.DefaultTemplate.IsEmpty)
            checks.Add(new("migrations", CheckAnswer.Skipped, "None were found; leases of LeaseOptions.Empty and NameOnly work. Name their folder in Migrations, or a program in Migrate.", []));
        else if (TryAdd("migrations", () => Templates.TemplateSource.ReadAll(options)) is { } sources)
            Add("migrations", isWell: true, $"files: {sources.Values.Sum(source => source.Migrations.Count)} of migrations, {sources.Values.Sum(source => source.Seeds.Count)} of seeds");
    }

    private async Task AddServerAsync(CancellationToken cancellationToken)
    {
        try
        {
            await using var server = await ToolServer.OpenAsync(run, cancellationToken);
            var description = server.Postgres.Description;
            Add("server", isWell: true, $"PostgreSQL {description.Version} on {server.Postgres.Address}: {server.Server.Reason}; no pooler in front of it");
            Add("privileges", isWell: true, $"role {description.Role} {(description.IsSuperuser ? "is a superuser" : description.CanCreateDatabases ? "may create databases" : "may create schemas in SharedDatabase")}");
            await AddSettingsAsync(server.Postgres, cancellationToken);
            var left = await LeftoverSweep.RunAsync(server.Postgres, isDryRun: true, cancellationToken);
            var leftovers = left.Dropped.Count + left.Kept.Count;
            Add("leftovers", leftovers == 0, leftovers == 0 ? "0" : $"{leftovers} of dead sessions. The next run drops them, or \"schema-isolation sweep\".");
        }
        catch (Exception exception) when (ServerFailure.Find(exception) is { } reason)
        {
            Add("server", isWell: false, reason.Message);
        }
    }

    private async Task AddSettingsAsync(PostgresServer server, CancellationToken cancellationToken)
    {
        var settings = await ServerSettingsRead.ReadAsync(server, cancellationToken);
        if (int.Parse(settings["max_connections"], CultureInfo.InvariantCulture) is var connections && connections < FewConnections)
            Add("max_connections", isWell: false, $"{connections} connections limit how many leases there can be at once. Set max_connections to 100 or more.");
        else
            Add("max_connections", isWell: true, settings["max_connections"]);
        checks.Add(settings["fsync"] == "off"
            ? new("fsync", isWell: true, "off, as is best for tests")
            : new("fsync", CheckAnswer.Skipped, "On: each copy of a template waits for the disk. On a server that has nothing but tests, start it with -c fsync=off -c synchronous_commit=off -c full_page_writes=off.", []));
        if (settings["autovacuum"] == "on")
            checks.Add(new("autovacuum", CheckAnswer.Skipped, "On: a slot that it comes to is replaced by another. On a server that has nothing but tests, start it with -c autovacuum=off.", []));
    }
}
