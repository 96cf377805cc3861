using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace SchemaIsolation.Tests.Conventions;

public sealed partial class ArchitectureTests
{
    private const string Sql = "select|insert|update|delete|create|drop|alter|comment|truncate|vacuum|grant|lock|set|reset";

    // Where a name of SchemaIsolation.Wire would be more than the kind of a lease.
    private const string WireBeyondLeaseKind = @"\b(Frame|LeaseGrant|LeaseRefusal|LeaseRelease|LeaseReply|LeaseRequest|SessionVariables|TestName|WireJson)\b";

    // Those that may have SQL; and the commands, whose names and questions are words of it.
    private static readonly string[] WithWordsOfSql = ["Postgres", "Migrations", "Commands"];

    [Theory]
    [InlineData("Postgres", "Npgsql")]
    [InlineData("Configuration", "Postgres", "Servers")]
    [InlineData("Servers", "Postgres")]
    [InlineData("Migrations", "Configuration", "Postgres", "Npgsql")]
    [InlineData("Resets", "Postgres", "Npgsql")]
    [InlineData("Templates", "Postgres", "Migrations", "Resets", "Configuration", "Npgsql")]
    [InlineData("Slots", "Postgres", "Resets", "Npgsql", "Wire")]
    [InlineData("Leases", "Postgres", "Wire")]
    [InlineData("Sweeping", "Postgres", "Npgsql")]
    [InlineData("Reporting", "Postgres")]
    [InlineData("Inspection", "Postgres", "Templates", "Npgsql")]
    [InlineData("TestDatabases", "Postgres", "Migrations", "Resets", "Sweeping", "Templates", "Npgsql")]
    [InlineData("Sessions", "Configuration", "Inspection", "Leases", "Migrations", "Postgres", "Reporting", "Servers", "Slots", "Sweeping", "Templates", "Npgsql", "Wire")]
    [InlineData("Commands", "Configuration", "Inspection", "Leases", "Migrations", "Postgres", "Reporting", "Servers", "Sessions", "Slots", "Sweeping", "Templates", "TestDatabases")]
    public void A_folder_of_the_keeper_knows_only_those_it_may(string folder, params string[] allowed)
    {
        var known = SourceTree.Files($"src/Keeper/{folder}", ".cs")
            .SelectMany(file => Arrow().Matches(string.Join('\n', file.CodeLines)).Select(match => (file, To: match.Groups["to"].Value)))
            .Where(arrow => arrow.To != folder && !allowed.Contains(arrow.To))
            .Select(arrow => $"{arrow.file} knows {arrow.To}")
            .Distinct();

        Assert.Empty(known);
    }

    [Fact]
    public void Every_folder_of_the_keeper_has_its_arrows()
    {
        var folders = Directory.EnumerateDirectories(SourceTree.PathOf("src/Keeper")).Select(Path.GetFileName).Except(["bin", "obj"]).Order();

        Assert.Equal(
            ["Commands", "Configuration", "Inspection", "Leases", "Migrations", "Postgres", "Reporting", "Resets", "Servers", "Sessions", "Slots", "Sweeping", "Templates", "TestDatabases"],
            folders);
    }

    [Fact]
    public void Slots_know_of_the_wire_only_the_kind_of_a_lease()
    {
        var files = SourceTree.Files("src/Keeper/Slots", ".cs").Where(file => Regex.IsMatch(file.Text, WireBeyondLeaseKind));

        Assert.Empty(files);
    }

    [Theory]
    [InlineData("src/Keeper", "SchemaIsolation.Keeper")]
    [InlineData("src/Collector", "SchemaIsolation.Collector")]
    [InlineData("src/Abstractions", "SchemaIsolation")]
    public void A_namespace_is_its_folder(string project, string root)
    {
        var strays = SourceTree.Files(project, ".cs")
            .Where(file => Namespace().Match(file.Text) is { Success: true } match
                && match.Groups["name"].Value != (root + Path.GetDirectoryName(file.Name)![project.Length..].Replace('/', '.').Replace('\\', '.')));

        Assert.Empty(strays);
    }

    [Fact]
    public void Abstractions_depend_on_nothing()
    {
        var project = XDocument.Parse(SourceTree.Read("src/Abstractions/SchemaIsolation.Abstractions.csproj"));

        Assert.Empty(project.Descendants("PackageReference"));
        Assert.Empty(project.Descendants("ProjectReference"));
    }

    [Fact]
    public void The_collector_depends_on_the_object_model_alone_and_does_not_ship_it()
    {
        var project = XDocument.Parse(SourceTree.Read("src/Collector/SchemaIsolation.Collector.csproj"));

        var package = Assert.Single(project.Descendants("PackageReference"));
        Assert.Equal("Microsoft.TestPlatform.ObjectModel", package.Attribute("Include")!.Value);
        Assert.Equal("runtime", package.Attribute("ExcludeAssets")!.Value);
        Assert.Empty(project.Descendants("ProjectReference"));
    }

    [Fact]
    public void Every_project_below_src_gets_packages_of_its_own_or_analyzers_only()
    {
        var props = XDocument.Parse(SourceTree.Read("src/Directory.Build.props"));

        Assert.All(props.Descendants("PackageReference"), package => Assert.Equal("all", package.Attribute("PrivateAssets")?.Value));
    }

    [Fact]
    public void The_collector_speaks_no_sql()
    {
        var files = SourceTree.Files("src/Collector", ".cs").Where(file => SqlWords().IsMatch(file.Text) || SqlLiteral().IsMatch(file.Text));

        Assert.Empty(files);
    }

    [Fact]
    public void Sql_is_in_Postgres_and_in_what_runs_migrations()
    {
        var literals = SourceTree.Files("src/Keeper", ".cs")
            .Where(file => !WithWordsOfSql.Any(room => file.Name.StartsWith($"src/Keeper/{room}/", StringComparison.Ordinal)))
            .SelectMany(file => SqlLiteral().Matches(string.Join('\n', file.CodeLines)).Select(match => $"{file}: {match.Value}"))
            .Where(literal => literal != "src/Keeper/Templates/SchemaReplay.cs: \"reset all\"");

        Assert.Empty(literals);
    }

    [Fact]
    public void Commands_run_no_sql()
    {
        var files = SourceTree.Files("src/Keeper/Commands", ".cs").Where(file => file.Text.Contains(".ExecuteAsync(", StringComparison.Ordinal) || file.Text.Contains(".ListAsync(InspectSql", StringComparison.Ordinal));

        Assert.Empty(files);
    }

    [Fact]
    public void Versions_of_the_server_are_compared_in_one_file_and_where_a_server_is_chosen()
    {
        var files = SourceTree.Files("src", ".cs")
            .Where(file => !file.Name.StartsWith("src/Keeper/Servers/", StringComparison.Ordinal) && file.Name != "src/Keeper/Sessions/SessionServer.cs" && file.CodeLines.Any(line => VersionComparison().IsMatch(line)))
            .Select(file => file.Name);

        Assert.Equal(["src/Keeper/Postgres/ServerFeatures.cs"], files);
    }

    [Fact]
    public void No_source_file_is_longer_than_300_lines()
    {
        var files = SourceTree.Files("src", ".cs", ".css", ".html", ".js").Where(file => file.Lines.Count() > 300);

        Assert.Empty(files);
    }

    [Theory]
    [InlineData("Thread.Sleep")]
    [InlineData("#region")]
    [InlineData("TODO")]
    public void Source_is_free_of(string text)
    {
        var files = SourceTree.Files("src", ".cs", ".csproj", ".props", ".targets", ".nuspec").Where(file => file.Text.Contains(text, StringComparison.Ordinal));

        Assert.Empty(files);
    }

    [GeneratedRegex(@"\bSchemaIsolation\.Keeper\.(?<to>[A-Z]\w+)|\bSchemaIsolation\.(?<to>Wire)\b|\b(?<to>Npgsql)[.;]")]
    private static partial Regex Arrow();

    // Of a number, or with a constant that says since when.
    [GeneratedRegex(@"(?i)\b(major_?version|version_?number|server_version_num)\b[^=;]*?(<|>|==|!=|\bis\b)\s*(=|not\b|\d|\w*version|FirstWith)|\bFirstWith\w+ =")]
    private static partial Regex VersionComparison();

    [GeneratedRegex(@"^namespace (?<name>[\w.]+)", RegexOptions.Multiline)]
    private static partial Regex Namespace();

    [GeneratedRegex(@"(?i)\bNpgsql|\bselect\s.+\sfrom\b|\b(create|drop|alter)\s+(database|schema|table|role|extension)\b|\bpg_\w+")]
    private static partial Regex SqlWords();

    // A literal, raw or not, that begins with a word of SQL; one within another's text is escaped.
    [GeneratedRegex($"""(?<!\\)"\s*({Sql})\s[^"\n]*"?""")]
    private static partial Regex SqlLiteral();
}
