using SchemaIsolation.Keeper.Configuration;

namespace SchemaIsolation.Tests.Unit.Configuration;

public sealed class ProjectTreeTests
{
    [Fact]
    public void Upwards_ends_at_the_repository()
    {
        using var repository = new Repository();

        var directories = ProjectTree.Upwards(repository.PathOf("App.Tests/bin"));

        Assert.Equal([repository.PathOf("App.Tests/bin"), repository.PathOf("App.Tests"), repository.PathOf(".")], directories.Select(Path.TrimEndingDirectorySeparator));
    }

    [Fact]
    public void Upwards_ends_at_a_worktree()
    {
        using var repository = new Repository();
        repository.Write("App.Tests/.git", "gitdir: elsewhere");

        var directories = ProjectTree.Upwards(repository.Project);

        Assert.Equal([repository.Project], directories);
    }

    [Theory]
    [InlineData("App.Tests/migrations")]
    [InlineData("App.Tests/db/migrations")]
    [InlineData("migrations")]
    [InlineData("db/migrations")]
    public void Migrations_are_found_in_the_project_or_above(string folder)
    {
        using var repository = new Repository();
        repository.Write($"{folder}/V1__a.sql", "");

        var found = ProjectTree.FindMigrations(repository.Project);

        Assert.Equal([repository.PathOf(folder)], found);
    }

    [Fact]
    public void Migrations_may_be_in_folders_of_their_own()
    {
        using var repository = new Repository();
        repository.Write("App.Tests/migrations/20240101_a/migration.sql", "");

        var found = ProjectTree.FindMigrations(repository.Project);

        Assert.Equal([repository.PathOf("App.Tests/migrations")], found);
    }

    [Fact]
    public void A_folder_without_sql_is_passed_over()
    {
        using var repository = new Repository();
        repository.Write("App.Tests/migrations/20240101_Init.cs", "");
        repository.Write("App.Tests/db/migrations/1.sql", "");

        var found = ProjectTree.FindMigrations(repository.Project);

        Assert.Equal([repository.PathOf("App.Tests/db/migrations")], found);
    }

    [Fact]
    public void The_projects_own_migrations_come_before_a_referenced_projects()
    {
        using var repository = new Repository();
        repository.Write("App.Tests/App.Tests.csproj", """<Project><ProjectReference Include="../App/App.csproj" /></Project>""");
        repository.Write("App/migrations/1.sql", "");
        repository.Write("App.Tests/migrations/1.sql", "");

        var found = ProjectTree.FindMigrations(repository.Project);

        Assert.Equal([repository.PathOf("App.Tests/migrations")], found);
    }

    [Fact]
    public void A_referenced_projects_migrations_come_before_those_above()
    {
        using var repository = new Repository();
        repository.Write("App.Tests/App.Tests.csproj", """<Project><ItemGroup><ProjectReference Include="..\App\App.csproj" /></ItemGroup></Project>""");
        repository.Write("App/migrations/1.sql", "");
        repository.Write("migrations/1.sql", "");

        var found = ProjectTree.FindMigrations(repository.Project);

        Assert.Equal([repository.PathOf("App/migrations")], found);
    }

    [Fact]
    public void References_in_an_old_project_file_count_too()
    {
        using var repository = new Repository();
        repository.Write("App.Tests/App.Tests.fsproj", """<Project xmlns="http://schemas.microsoft.com/developer/msbuild/2003"><ProjectReference Include="../App/App.csproj" /></Project>""");
        repository.Write("App/migrations/1.sql", "");

        var found = ProjectTree.FindMigrations(repository.Project);

        Assert.Equal([repository.PathOf("App/migrations")], found);
    }

    [Fact]
    public void All_referenced_projects_with_migrations_are_named()
    {
        using var repository = new Repository();
        repository.Write("App.Tests/App.Tests.csproj", """
            <Project>
              <ProjectReference Include="../B/B.csproj" />
              <ProjectReference Include="../None/None.csproj" />
              <ProjectReference Include="../A/A.csproj" />
              <ProjectReference Include="../A/A.csproj" />
              <ProjectReference Include="../Nowhere/$(Name).csproj" />
            </Project>
            """);
        repository.Write("A/migrations/1.sql", "");
        repository.Write("B/db/migrations/1.sql", "");
        repository.Write("None/None.csproj", "");

        var found = ProjectTree.FindMigrations(repository.Project);

        Assert.Equal([repository.PathOf("B/db/migrations"), repository.PathOf("A/migrations")], found);
    }

    [Fact]
    public void The_nearest_above_is_taken()
    {
        using var repository = new Repository();
        repository.Write("migrations/1.sql", "");
        repository.Write("tests/migrations/1.sql", "");
        repository.Write("tests/App.Tests/App.Tests.csproj", "<Project/>");

        var found = ProjectTree.FindMigrations(repository.PathOf("tests/App.Tests"));

        Assert.Equal([repository.PathOf("tests/migrations")], found);
    }

    [Fact]
    public void Migrations_above_the_repository_are_not_found()
    {
        using var repository = new Repository();
        repository.Write("migrations/1.sql", "");
        repository.Write("App.Tests/.git", "gitdir: elsewhere");

        var found = ProjectTree.FindMigrations(repository.Project);

        Assert.Empty(found);
    }

    [Fact]
    public void A_project_file_that_is_not_xml_is_passed_over()
    {
        using var repository = new Repository();
        repository.Write("App.Tests/App.Tests.csproj", "<Project");
        repository.Write("migrations/1.sql", "");

        var found = ProjectTree.FindMigrations(repository.Project);

        Assert.Equal([repository.PathOf("migrations")], found);
    }
}
