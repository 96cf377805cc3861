using SchemaIsolation.Keeper.Migrations;

namespace SchemaIsolation.Tests.Unit.Migrations;

public sealed class SeedFilesTests
{
    [Fact]
    public void A_file_is_read_by_itself()
    {
        using var folder = new MigrationDirectory("other.sql");
        var path = folder.Write("seed.sql", "select 1");

        Assert.Equal([new MigrationFile(path, "seed.sql", "select 1")], SeedFiles.Read(path));
    }

    [Fact]
    public void A_folder_is_read_in_ordinal_order_of_names()
    {
        using var folder = new MigrationDirectory("b.sql", "10.sql", "2.sql", "B.sql", "x.txt");

        Assert.Equal(["10.sql", "2.sql", "B.sql", "b.sql"], SeedFiles.Read(folder.Path).Select(file => file.Name), StringComparer.Ordinal);
    }

    [Fact]
    public void A_path_that_leads_nowhere_is_refused()
    {
        using var folder = new MigrationDirectory();

        var exception = Assert.Throws<SchemaIsolationException>(() => SeedFiles.Read(folder.PathOf("nowhere")));

        Assert.Equal("SI1201", exception.Code);
        Assert.Contains($"\"{folder.PathOf("nowhere")}\"", exception.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_without_seeds_is_refused()
    {
        using var folder = new MigrationDirectory("x.txt");

        var exception = Assert.Throws<SchemaIsolationException>(() => SeedFiles.Read(folder.Path));

        Assert.Equal("SI1202", exception.Code);
    }
}
