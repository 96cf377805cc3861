using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace SchemaIsolation.Tests.Conventions;

public sealed partial class RepositoryTests
{
    private static readonly string[] TextFiles =
        ["", ".config", ".cs", ".csproj", ".css", ".editorconfig", ".gitattributes", ".gitignore", ".html", ".js", ".json", ".md", ".nuspec", ".props", ".runsettings", ".sh", ".sln", ".sql", ".targets", ".txt", ".xml", ".yml"];

    [Fact]
    public void No_file_names_the_place_where_the_repository_lies()
    {
        // Not behind a name or a dot: a repository may well lie in a short place such as "/src".
        var place = new Regex($@"(?<![\w.*)\]}}/]){Regex.Escape(SourceTree.Root.TrimEnd('/'))}/");
        var files = SourceTree.Files(".", TextFiles).Where(file => place.IsMatch(file.Text));

        Assert.Empty(files);
    }

    [Fact]
    public void No_file_names_a_package_registry()
    {
        var files = SourceTree.Files(".", TextFiles).Where(file => Registry().IsMatch(file.Text));

        Assert.Empty(files);
    }

    [Fact]
    public void Lines_end_without_a_carriage_return()
    {
        var files = SourceTree.Files(".", TextFiles).Where(file => file.Text.Contains("\r\n", StringComparison.Ordinal));

        Assert.Empty(files);
    }

    [Fact]
    public void The_machines_own_package_sources_are_kept_and_none_is_added_but_a_folder()
    {
        var configuration = XDocument.Parse(SourceTree.Read("nuget.config"));

        Assert.Empty(configuration.Descendants("clear"));
        Assert.DoesNotContain(configuration.Descendants("add"), source => source.Attribute("value")!.Value.StartsWith("http", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public void The_sample_of_an_existing_suite_has_no_word_of_ours_in_its_code()
    {
        var files = SourceTree.Files("samples/Shop", ".cs").Concat(SourceTree.Files("samples/Shop.Tests", ".cs")).ToList();

        Assert.NotEmpty(files);
        Assert.DoesNotContain(files, file => file.Text.Contains("Isolat", StringComparison.OrdinalIgnoreCase) || file.Text.Contains("Lease", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("src")]
    [InlineData("tests")]
    [InlineData("bench")]
    public void Every_project_has_a_lock_file(string folder)
    {
        var projects = SourceTree.Files(folder, ".csproj").Where(IsOurs).Where(IsNotOnPackages).Where(project => !File.Exists(Path.Join(Path.GetDirectoryName(SourceTree.PathOf(project.Name)), "packages.lock.json")));

        Assert.Empty(projects);
    }

    [Fact]
    public void Every_package_is_pinned_to_one_version()
    {
        var packages = XDocument.Parse(SourceTree.Read("Directory.Packages.props")).Descendants("PackageVersion");

        Assert.NotEmpty(packages);
        Assert.All(packages, package => Assert.Matches(@"^\[[^,\]\[*]+\]$", package.Attribute("Version")!.Value));
    }

    [Fact]
    public void No_project_names_a_version_of_its_own()
    {
        var projects = SourceTree.Files(".", ".csproj", ".props", ".targets")
            .Where(IsOurs)
            .Where(project => XDocument.Parse(project.Text).Descendants().Any(element => element.Name.LocalName == "PackageReference" && element.Attribute("Version") is not null));

        Assert.Empty(projects);
    }

    // The suites that acceptance tests run stand for a user's: copied elsewhere, with none of our props above them.
    private static bool IsOurs(SourceFile project) => !project.Name.StartsWith("tests/Acceptance/Suites/", StringComparison.Ordinal);

    // What restores the packages that this tree has just packed has no lock file: their hash changes with every pack.
    private static bool IsNotOnPackages(SourceFile project) => !project.Name.StartsWith("bench/Projects/", StringComparison.Ordinal);

    [GeneratedRegex(@"https?://[a-z.]*(nuget|npm|debian)[a-z.]*/")]
    private static partial Regex Registry();
}
