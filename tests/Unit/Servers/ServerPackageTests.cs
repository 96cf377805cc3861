using SchemaIsolation.Keeper.Servers;

namespace SchemaIsolation.Tests.Unit.Servers;

public sealed class ServerPackageTests : IDisposable
{
    private static readonly string Id = $"SchemaIsolation.PostgreSql.{ServerPlatform.Name}";

    private readonly string root = Directory.CreateTempSubdirectory("si-package-").FullName;

    [Fact]
    public void A_project_that_was_not_restored_has_none()
    {
        Assert.Empty(ServerPackage.Find(root, version: null));
    }

    [Fact]
    public void A_referenced_package_is_found_where_nuget_unpacked_it()
    {
        var directory = Unpack("18.4.0");
        WriteAssets("obj", Library("18.4.0"));

        var package = Assert.Single(ServerPackage.Find(root, version: null));

        Assert.Equal(new ServerPackage(Id, "18.4.0", directory), package);
        Assert.Equal(18, package.MajorVersion);
        Assert.Equal(Path.Combine(directory, "server"), package.Server);
    }

    [Fact]
    public void Of_several_that_are_downloaded_the_newest_comes_first()
    {
        Unpack("17.9.0");
        Unpack("17.10.0");
        Unpack("15.18.0");
        WriteAssets("obj", libraries: "", Download("15.18.0", "17.9.0", "17.10.0"));

        Assert.Equal(["17.10.0", "17.9.0", "15.18.0"], ServerPackage.Find(root, version: null).Select(package => package.Version));
    }

    [Fact]
    public void One_of_the_version_that_is_asked_for_is_taken_before_a_newer_one()
    {
        Unpack("17.10.0");
        Unpack("18.4.0");
        WriteAssets("obj", Library("18.4.0"), Download("17.10.0"));

        Assert.Equal("17.10.0", Assert.Single(ServerPackage.Find(root, version: 17)).Version);
        Assert.Empty(ServerPackage.Find(root, version: 16));
    }

    [Fact]
    public void Another_platforms_package_is_left_aside()
    {
        Unpack("18.4.0", "SchemaIsolation.PostgreSql.solaris-sparc");
        WriteAssets("obj", Library("18.4.0", "SchemaIsolation.PostgreSql.solaris-sparc"));

        Assert.Empty(ServerPackage.Find(root, version: null));
    }

    [Fact]
    public void A_package_that_was_deleted_since_is_left_aside()
    {
        WriteAssets("obj", Library("18.4.0"));

        Assert.Empty(ServerPackage.Find(root, version: null));
    }

    [Fact]
    public void Assets_that_all_projects_have_in_one_directory_are_found_above()
    {
        Unpack("18.4.0");
        var project = Directory.CreateDirectory(Path.Combine(root, "tests", "Shop.Tests")).FullName;
        File.WriteAllText(Path.Combine(project, "Shop.Tests.csproj"), "<Project/>");
        WriteAssets("artifacts/obj/Shop.Tests", Library("18.4.0"));

        Assert.Equal("18.4.0", Assert.Single(ServerPackage.Find(project, version: null)).Version);
    }

    [Theory]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("{}")]
    public void Assets_that_cannot_be_read_are_refused_by_name(string json)
    {
        var file = Path.Combine(Directory.CreateDirectory(Path.Combine(root, "obj")).FullName, "project.assets.json");
        File.WriteAllText(file, json);

        var refusal = Assert.Throws<SchemaIsolationException>(() => ServerPackage.Find(root, version: null));

        Assert.Equal("SI1105", refusal.Code);
        Assert.StartsWith($"What the test project references cannot be read from \"{file}\". Run \"dotnet restore\", or name a server in Server: ", refusal.Reason, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(root, recursive: true);

    private static string Library(string version, string? id = null) => $"\"{id ?? Id}/{version}\": {{ \"type\": \"package\" }}, \"xunit/2.9.3\": {{ \"type\": \"package\" }}";

    // As NuGet writes it: one entry for all versions of a package.
    private static string Download(params string[] versions)
        => $"{{ \"name\": \"{Id}\", \"version\": \"{string.Join(';', versions.Select(version => $"[{version}, {version}]"))}\" }}";

    private string Unpack(string version, string? id = null)
        => Directory.CreateDirectory(Path.Combine(root, "packages", (id ?? Id).ToLowerInvariant(), version)).FullName;

    private void WriteAssets(string directory, string libraries, params string[] downloads)
        => File.WriteAllText(
            Path.Combine(Directory.CreateDirectory(Path.Combine(root, directory)).FullName, "project.assets.json"),
            $$"""
            {
              "libraries": { {{libraries}} },
              "packageFolders": { "{{Path.Combine(root, "elsewhere")}}": {}, "{{Path.Combine(root, "packages")}}": {} },
              "project": { "frameworks": { "net10.0": { "downloadDependencies": [ {{string.Join(", ", downloads)}} ] }, "net8.0": {} } }
            }
            """);
}
