using SchemaIsolation.Keeper.Migrations;

namespace SchemaIsolation.Tests.Unit.Migrations;

public sealed class MigrationFolderTests
{
    [Fact]
    public void Versions_compare_as_numbers_not_text()
        => AssertOrder("V2__b.sql", "V10__a.sql");

    [Fact]
    public void Versions_compare_part_by_part()
        => AssertOrder("V1__z.sql", "V1.1__y.sql", "V1_2__x.sql", "V1.10__w.sql", "V2.0.1__v.sql");

    [Fact]
    public void A_number_that_runs_into_letters_belongs_to_the_description()
        => AssertOrder("V1_2fa__b.sql", "V1.1__a.sql");

    [Fact]
    public void Leading_digits_of_any_width_are_the_version()
        => AssertOrder("1.sql", "002-two.sql", "3_three.sql", "0010_ten.up.sql", "20240101120000_create.sql");

    [Fact]
    public void A_run_of_digits_longer_than_any_integer_is_a_version()
        => AssertOrder("99999999999999999999999999999999999999998_b.sql", "99999999999999999999999999999999999999999_a.sql");

    [Fact]
    public void Dotted_numbers_compare_part_by_part()
        => AssertOrder("1.2.9_b.sql", "1.2.10_a.sql");

    [Fact]
    public void Diesel_and_Prisma_folders_carry_the_version()
        => AssertOrder("2023-12-31-235959_c/up.sql", "20240101000000_b/migration.sql", "2024-01-01-120000_a/up.sql");

    [Fact]
    public void Days_in_names_are_versions()
        => AssertOrder("2024-01-31_b.sql", "2024-02-01-1_a.sql", "2024-02-01-2_c.sql");

    [Fact]
    public void Folders_without_a_part_in_the_version_do_not_matter_to_the_order()
        => AssertOrder("z/V1__a.sql", "a/V2__b.sql");

    [Fact]
    public void Repeatable_migrations_go_last_in_order_of_description()
        => AssertOrder("V1__a.sql", "V2__b.sql", "z/R__alpha.sql", "R__beta.sql");

    [Fact]
    public void Files_without_any_version_go_in_ordinal_order()
        => AssertOrder("B.sql", "a.sql", "sub/a.sql", "z.sql", "R__views.sql");

    [Fact]
    public void What_undoes_a_migration_is_ignored()
    {
        using var folder = new MigrationDirectory("1_a.up.sql", "1_a.down.sql", "2_b/up.sql", "2_b/down.sql", "V3__c.sql", "U3__c.sql", "U3.1__d.SQL", "E.DOWN.SQL");

        Assert.Equal(["1_a.up.sql", "2_b/up.sql", "V3__c.sql"], Names(folder), StringComparer.Ordinal);
    }

    [Fact]
    public void Only_sql_files_count_whatever_the_case_of_their_ending()
    {
        using var folder = new MigrationDirectory("V1__a.SQL", "V2__b.Sql", "V3__c.txt", "README.md", ".V4__d.sql");

        Assert.Equal(["V1__a.SQL", "V2__b.Sql"], Names(folder), StringComparer.Ordinal);
    }

    [Fact]
    public void A_file_is_read_once_with_its_name_path_and_text()
    {
        using var folder = new MigrationDirectory();
        var path = folder.Write("sub/V1__a.sql", "\ufeffselect 'ü';\r\n");

        var file = Assert.Single(MigrationFolder.Read(folder.Path));

        Assert.Equal(new MigrationFile(path, "sub/V1__a.sql", "select 'ü';\r\n"), file);
    }

    [Fact]
    public void A_missing_folder_is_refused()
    {
        using var folder = new MigrationDirectory();

        var exception = Assert.Throws<SchemaIsolationException>(() => MigrationFolder.Read(folder.PathOf("nowhere")));

        Assert.Equal("SI1201", exception.Code);
        Assert.Contains($"\"{folder.PathOf("nowhere")}\"", exception.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_without_migrations_is_refused()
    {
        using var folder = new MigrationDirectory("notes.txt", "1_a.down.sql");

        Assert.Equal("SI1202", Refusal(folder).Code);
    }

    [Theory]
    [InlineData("V1__a.sql", "V1.0__b.sql", "1")]
    [InlineData("001_a.sql", "1_b.sql", "1")]
    [InlineData("2024-01-01-000000_a/up.sql", "20240101000000_b.sql", "20240101000000")]
    [InlineData("V0__a.sql", "V0.0__b.sql", "0")]
    public void Two_files_of_one_version_are_refused(string one, string other, string version)
    {
        using var folder = new MigrationDirectory(one, other, "V3__c.sql");

        var exception = Refusal(folder);

        Assert.Equal("SI1203", exception.Code);
        Assert.Contains($"\"{one}\"", exception.Reason, StringComparison.Ordinal);
        Assert.Contains($"\"{other}\"", exception.Reason, StringComparison.Ordinal);
        Assert.Contains($"version \"{version}\"", exception.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Files_with_and_without_a_version_are_refused()
    {
        using var folder = new MigrationDirectory("V1__a.sql", "seeds/b.sql", "c.sql");

        var exception = Refusal(folder);

        Assert.Equal("SI1204", exception.Code);
        Assert.Contains("unknown: \"c.sql\", \"seeds/b.sql\" without.", exception.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Many_files_without_a_version_are_counted_not_listed()
    {
        using var folder = new MigrationDirectory("V1__a.sql", "a.sql", "b.sql", "c.sql", "d.sql", "e.sql", "f.sql", "g.sql");

        Assert.Contains("\"e.sql\" and 2 more without", Refusal(folder).Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(new byte[] { 0x73, 0xe4, 0x20 }, "is not UTF-8 text")]
    [InlineData(new byte[] { 0xff, 0xfe, 0x73, 0x00 }, "is not UTF-8 text")]
    [InlineData(new byte[] { 0x73, 0x00, 0x65, 0x00 }, "holds a NUL character")]
    public void A_file_in_another_encoding_is_refused(byte[] content, string problem)
    {
        using var folder = new MigrationDirectory();
        var path = folder.Write("V1__a.sql", content);

        var exception = Refusal(folder);

        Assert.Equal("SI1205", exception.Code);
        Assert.StartsWith($"The file \"{path}\" {problem}", exception.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_cannot_be_read_is_refused()
    {
        using var folder = new MigrationDirectory();
        File.CreateSymbolicLink(folder.PathOf("V1__a.sql"), folder.PathOf("nowhere"));

        var exception = Refusal(folder);

        Assert.Equal("SI1205", exception.Code);
        Assert.StartsWith($"The file \"{folder.PathOf("V1__a.sql")}\" could not be read.", exception.Reason, StringComparison.Ordinal);
        Assert.IsType<FileNotFoundException>(exception.InnerException);
    }

    private static void AssertOrder(params string[] names)
    {
        // Made in reverse, so that neither order of making nor order of listing can pass for the right one.
        using var folder = new MigrationDirectory([.. Enumerable.Reverse(names)]);

        Assert.Equal(names, Names(folder), StringComparer.Ordinal);
    }

    private static IEnumerable<string> Names(MigrationDirectory folder) => MigrationFolder.Read(folder.Path).Select(file => file.Name);

    private static SchemaIsolationException Refusal(MigrationDirectory folder)
        => Assert.Throws<SchemaIsolationException>(() => MigrationFolder.Read(folder.Path));
}
