using SchemaIsolation.Keeper.Configuration;

namespace SchemaIsolation.Tests.Unit.Configuration;

[Collection(nameof(EnvironmentCollection))]
public sealed class SweepOptionTests
{
    [Fact]
    public void Without_it_nothing_is_swept()
    {
        using var repository = new Repository();

        Assert.Empty(repository.Read().Sweep);
    }

    [Theory]
    [InlineData("""<Configuration><Sweep Database="app_test" Schemas="test_*"/></Configuration>""", "app_test: test_* (False)")]
    [InlineData("""<Configuration><Sweep Database="app_test" Schemas="test_*; it_?"/></Configuration>""", "app_test: test_*, it_? (False)")]
    [InlineData("""<Configuration><Sweep Database="a_test" Schemas="x_*"/><Sweep Database="b_test" Schemas="y_*"/></Configuration>""", "a_test: x_* (False) | b_test: y_* (False)")]
    [InlineData("""<Configuration><sweep database="app" schemas="test_*" allowDatabase="app"/></Configuration>""", "app: test_* (True)")]
    public void A_rule_is_an_element_with_attributes(string xml, string rules)
    {
        using var repository = new Repository();

        Assert.Equal(rules, Describe(repository.Read(xml)));
    }

    [Theory]
    [InlineData("""{ "Sweep": { "Database": "app_test", "Schemas": "test_*" } }""", "app_test: test_* (False)")]
    [InlineData("""{ "Sweep": [{ "Database": "app_test", "Schemas": ["test_*", "odd;name *"] }] }""", "app_test: test_*, odd;name * (False)")]
    [InlineData("""{ "Sweep": [{ "Database": "a_test", "Schemas": "x_*" }, { "Database": "app", "Schemas": "y_*", "AllowDatabase": "app" }] }""", "a_test: x_* (False) | app: y_* (True)")]
    public void A_rule_is_a_json_object_or_one_of_several(string json, string rules)
    {
        using var repository = new Repository();
        repository.Write("App.Tests/schemaisolation.json", json);

        Assert.Equal(rules, Describe(repository.Read()));
    }

    [Fact]
    public void A_rule_may_come_from_the_environment()
    {
        using var repository = new Repository();
        using var database = new EnvironmentVariable("SCHEMAISOLATION__Sweep__0__Database", "app_test");
        using var schemas = new EnvironmentVariable("SCHEMAISOLATION__Sweep__0__Schemas", "test_*;it_*");

        Assert.Equal("app_test: test_*, it_* (False)", Describe(repository.Read()));
    }

    [Theory]
    [InlineData("""{ "Sweep": "test_*" }""", "\"Sweep\" in {0} is \"test_*\"; legal is rules of Database, Schemas (patterns with * and ?, separated by ;) and perhaps AllowDatabase.")]
    [InlineData("""{ "Sweep": { "Schemas": "test_*" } }""", "\"Sweep\" in {0} has no Database; it is the name of the database whose schemas are swept.")]
    [InlineData("""{ "Sweep": { "Database": "app_test" } }""", "\"Sweep\" in {0} has no Schemas; it is one or more patterns such as \"test_*\", separated by \";\".")]
    [InlineData("""{ "Sweep": [{ "Database": "app_test", "Schemas": " ; " }] }""", "\"Sweep:0\" in {0} has no Schemas; it is one or more patterns such as \"test_*\", separated by \";\".")]
    [InlineData("""{ "Sweep": { "Database": "", "Schemas": "test_*" } }""", "\"Sweep\" in {0} has Database \"\"; legal is a database name, 1 to 63 bytes.")]
    [InlineData("""{ "Sweep": { "Database": "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "Schemas": "test_*" } }""", "\"Sweep\" in {0} has Database \"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\"; legal is a database name, 1 to 63 bytes.")]
    [InlineData("""{ "Sweep": { "Database": "app_test", "Schemas": "test_*", "Schema": "x" } }""", "\"Sweep\" in {0} has \"Schema\"; legal are Database, Schemas, AllowDatabase.")]
    [InlineData("""{ "Sweep": { "Database": "app", "Schemas": "test_*", "AllowDatabase": "true" } }""", "\"Sweep\" in {0} has AllowDatabase \"true\"; legal is the name that Database has.")]
    [InlineData("""{ "Sweep": { "Database": "app_test", "Schemas": "public" } }""", "\"Sweep\" in {0} has the pattern \"public\", which is refused: it matches \"public\".")]
    public void A_mistake_in_a_rule_is_named_with_its_source(string json, string mistake)
    {
        using var repository = new Repository();
        var file = repository.Write("App.Tests/schemaisolation.json", json);

        var refusal = repository.Refusal();

        Assert.Equal("SI1001", refusal.Code);
        Assert.Equal($"One option is wrong. {string.Format(System.Globalization.CultureInfo.InvariantCulture, mistake, file)}", refusal.Reason);
    }

    [Fact]
    public void All_mistakes_of_all_rules_are_told_at_once()
    {
        using var repository = new Repository();

        var refusal = repository.Refusal(
            """<Configuration><MaxSlots>0</MaxSlots><Sweep Databse="a" Schemas="test_*"/><Sweep Database="b_test" Schemas="*;pg_x"/></Configuration>""");

        Assert.StartsWith("5 options are wrong. ", refusal.Reason, StringComparison.Ordinal);
        Assert.Contains("\"Sweep:0\" in the runsettings or --collect has \"Databse\"", refusal.Reason, StringComparison.Ordinal);
        Assert.Contains("\"Sweep:1\" in the runsettings or --collect has the pattern \"pg_x\"", refusal.Reason, StringComparison.Ordinal);
    }

    private static string Describe(Options options)
        => string.Join(" | ", options.Sweep.Select(rule => $"{rule.Database}: {string.Join(", ", rule.Schemas)} ({rule.IsAllowed})"));
}
