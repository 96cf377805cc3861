using Microsoft.Extensions.Configuration;
using SchemaIsolation.Keeper.Configuration;
using Xunit;

namespace SchemaIsolation.Tests.Unit.Configuration;

public sealed class TemplateReaderTests : IDisposable
{
    private readonly string directory = Directory.CreateTempSubdirectory("si-").FullName;

    public void Dispose() => Directory.Delete(directory, recursive: true);

    [Fact]
    public void Templates_start_from_those_before_them()
    {
        var options = Read(
            ("Migrations", "sql"),
            ("Template:0:Name", "catalogue"),
            ("Template:0:From", "default"),
            ("Template:0:Seeds", "a.sql;b"),
            ("Template:1:Name", "orders"),
            ("Template:1:From", "catalogue"),
            ("Template:1:Command", "flyway migrate"),
            ("Template:1:Inputs:0", "x/*.sql"),
            ("Template:1:Inputs:1", "y"));

        Assert.Equal(["default", "catalogue", "orders"], options.Templates.Select(template => template.Name));
        Assert.Equal("default", options.Templates[1].From);
        Assert.Equal([Path.Combine(directory, "a.sql"), Path.Combine(directory, "b")], options.Templates[1].Seeds);
        Assert.Equal("flyway migrate", options.Templates[2].Migrate!.Text);
        Assert.Equal(["x/*.sql", "y"], options.Templates[2].Migrate!.Inputs);
        Assert.Equal(directory, options.Templates[2].Migrate!.Directory);
    }

    [Theory]
    [InlineData("Migrate:Command", "x", "\"Migrate\" in the test has no Inputs; they are the files that decide what the command does, such as \"../Migrator/**/*.cs\": when one changes, the template is built anew.")]
    [InlineData("Migrate:Inputs", "x", "\"Migrate\" in the test has no Command; it is a program and its arguments.")]
    [InlineData("Migrate:Timeout", "x", "\"Migrate\" in the test has \"Timeout\"; legal are Command, Inputs.")]
    [InlineData("Template:Seeds", "x", "\"Template\" in the test has Name \"\"; legal is a text of 1 to 63 characters.")]
    [InlineData("Template:Name", "x", "\"Template\" in the test has nothing to be made from; legal are From, Command, Inputs, Migrations, Seeds.")]
    [InlineData("Template:Name", "default", "\"Template\" in the test has Name \"default\", which another template has: the one that the top-level options make.")]
    [InlineData("Template:Sedes", "x", "\"Template\" in the test has \"Sedes\"; legal are Name, From, Command, Inputs, Migrations, Seeds.")]
    public void A_mistake_is_named_with_what_is_legal(string key, string value, string mistake)
    {
        var exception = Assert.Throws<SchemaIsolationException>(() => Read((key, value)));

        Assert.Equal("SI1001", exception.Code);
        Assert.Contains(mistake, exception.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("later")]
    [InlineData("first")]
    [InlineData("default")]
    public void A_parent_that_is_not_listed_before_is_a_mistake(string from)
    {
        var exception = Assert.Throws<SchemaIsolationException>(
            () => Read(("Template:0:Name", "first"), ("Template:0:From", from), ("Template:1:Name", "later"), ("Template:1:Seeds", "x")));

        Assert.Contains($"\"Template:0\" in the test has From \"{from}\"; legal is a template that is listed before it.", exception.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_templates_of_one_name_are_a_mistake()
    {
        var exception = Assert.Throws<SchemaIsolationException>(
            () => Read(("Template:0:Name", "a"), ("Template:0:Seeds", "x"), ("Template:1:Name", "a"), ("Template:1:Seeds", "y")));

        Assert.Contains("\"Template:1\" in the test has Name \"a\", which another template has.", exception.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Where_a_program_migrates_no_folder_is_looked_for()
    {
        Directory.CreateDirectory(Path.Combine(directory, "migrations"));
        File.WriteAllText(Path.Combine(directory, "migrations", "V1__x.sql"), "select 1");

        var options = Read(("Migrate:Command", "flyway migrate"), ("Migrate:Inputs", "migrations/*"));

        Assert.Empty(options.DefaultTemplate.Migrations);
    }

    private Options Read(params (string Key, string Value)[] values)
        => OptionsReader.Read(
            [new("the test", directory, new ConfigurationBuilder().AddInMemoryCollection(values.Select(pair => KeyValuePair.Create(pair.Key, (string?)pair.Value))).Build())],
            directory);
}
