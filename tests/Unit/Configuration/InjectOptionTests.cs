using System.Globalization;
using SchemaIsolation.Keeper.Configuration;

namespace SchemaIsolation.Tests.Unit.Configuration;

[Collection(nameof(EnvironmentCollection))]
public sealed class InjectOptionTests
{
    private const string Libpq = "PGHOST: Host, PGPORT: Port, PGUSER: Username, PGPASSWORD: Password, PGDATABASE: Database, PGOPTIONS: Options, "
        + "PGSSLMODE: SslMode, PGSSLROOTCERT: SslRootCertificate, PGSSLCERT: SslCertificate, PGSSLKEY: SslKey, PGPASSFILE: Passfile";

    [Fact]
    public void Without_it_nothing_is_injected()
    {
        using var repository = new Repository();

        Assert.Empty(repository.Read().Inject);
    }

    [Theory]
    [InlineData("""<ConnectionString Name="Default"/>""", "ConnectionStrings__Default: Keywords")]
    [InlineData("""<ConnectionString>Default</ConnectionString>""", "ConnectionStrings__Default: Keywords")]
    [InlineData("""<ConnectionString Name="orders-db"/><ConnectionString Name="2nd.db"/>""", "ConnectionStrings__orders-db: Keywords, ConnectionStrings__2nd.db: Keywords")]
    [InlineData("""<Variable Name="DATABASE_URL" Format="Url"/>""", "DATABASE_URL: Url")]
    [InlineData("""<Variable Name="DB"/>""", "DB: Keywords")]
    [InlineData("""<variable name="DB_HOST" format="host"/><VARIABLE NAME="DB_NAME" FORMAT="DATABASE"/>""", "DB_HOST: Host, DB_NAME: Database")]
    [InlineData("""<Libpq/>""", Libpq)]
    [InlineData("""<Libpq>true</Libpq>""", Libpq)]
    [InlineData("""<Libpq>false</Libpq><Variable Name="DB"/>""", "DB: Keywords")]
    [InlineData("""<Variable Name="DATABASE_URL" Format="Url"/><Libpq/><ConnectionString Name="Default"/>""", "ConnectionStrings__Default: Keywords, DATABASE_URL: Url, " + Libpq)]
    public void What_is_injected_is_an_element_each(string elements, string variables)
    {
        using var repository = new Repository();

        Assert.Equal(variables, Describe(repository.Read($"<Configuration><Inject>{elements}</Inject></Configuration>")));
    }

    [Fact]
    public void The_element_itself_may_be_repeated()
    {
        using var repository = new Repository();

        var options = repository.Read("""<Configuration><Inject><ConnectionString Name="A"/></Inject><Inject><ConnectionString Name="B"/></Inject></Configuration>""");

        Assert.Equal("ConnectionStrings__A: Keywords, ConnectionStrings__B: Keywords", Describe(options));
    }

    [Theory]
    [InlineData("""{ "ConnectionString": "Default" }""", "ConnectionStrings__Default: Keywords")]
    [InlineData("""{ "ConnectionString": ["Orders", "Users"] }""", "ConnectionStrings__Orders: Keywords, ConnectionStrings__Users: Keywords")]
    [InlineData("""{ "ConnectionString": { "Name": "Default" } }""", "ConnectionStrings__Default: Keywords")]
    [InlineData("""{ "Variable": { "Name": "DATABASE_URL", "Format": "Url" }, "Libpq": true }""", "DATABASE_URL: Url, " + Libpq)]
    [InlineData("""{ "Variable": ["A", { "Name": "B", "Format": "Port" }] }""", "A: Keywords, B: Port")]
    [InlineData("""[{ "ConnectionString": "Default" }, { "Libpq": true }]""", "ConnectionStrings__Default: Keywords, " + Libpq)]
    [InlineData("""{ "ConnectionString": "Default", "Libpq": false }""", "ConnectionStrings__Default: Keywords")]
    public void What_is_injected_is_a_json_object_or_several(string json, string variables)
    {
        using var repository = new Repository();
        repository.Write("App.Tests/schemaisolation.json", $$"""{ "Inject": {{json}} }""");

        Assert.Equal(variables, Describe(repository.Read()));
    }

    [Fact]
    public void It_may_come_from_the_environment()
    {
        using var repository = new Repository();
        using var connectionString = new EnvironmentVariable("SCHEMAISOLATION__Inject__ConnectionString", "Default");
        using var url = new EnvironmentVariable("SCHEMAISOLATION__Inject__Variable__Name", "DATABASE_URL");
        using var format = new EnvironmentVariable("SCHEMAISOLATION__Inject__Variable__Format", "Url");

        Assert.Equal("ConnectionStrings__Default: Keywords, DATABASE_URL: Url", Describe(repository.Read()));
    }

    [Fact]
    public void What_a_later_source_injects_replaces_all_of_an_earlier_ones()
    {
        using var repository = new Repository();
        repository.Write("App.Tests/schemaisolation.json", """{ "Inject": { "ConnectionString": "Default", "Libpq": true } }""");

        var options = repository.Read("""<Configuration><Inject><ConnectionString Name="Other"/></Inject></Configuration>""");

        Assert.Equal("ConnectionStrings__Other: Keywords", Describe(options));
    }

    [Theory]
    [InlineData("\"Default\"", "\"Inject\" in {0} is \"Default\"; legal is ConnectionString (its Name), Variable (its Name, perhaps its Format) and Libpq, each as often as needed.")]
    [InlineData("[\"Default\"]", "\"Inject:0\" in {0} is \"Default\"; legal are ConnectionString, Variable, Libpq.")]
    [InlineData("""{ "ConectionString": "Default" }""", "\"Inject\" in {0} has \"ConectionString\"; legal are ConnectionString, Variable, Libpq.")]
    [InlineData("""{ "ConnectionString": "" }""", "\"Inject:ConnectionString\" in {0} has no Name; it is the name under which the application looks for its database.")]
    [InlineData("""{ "Variable": { "Format": "Url" } }""", "\"Inject:Variable\" in {0} has no Name; it is the name under which the application looks for its database.")]
    [InlineData("""{ "ConnectionString": { "Name": "A", "Format": "Url" } }""", "\"Inject:ConnectionString\" in {0} has \"Format\"; legal is Name.")]
    [InlineData("""{ "Variable": { "Name": "A", "Formt": "Url" } }""", "\"Inject:Variable\" in {0} has \"Formt\"; legal are Name, Format.")]
    [InlineData("""{ "Variable": { "Name": "A", "Format": "Uri" } }""", "\"Inject:Variable\" in {0} has Format \"Uri\"; legal are Keywords, Url, Host, Port, Username, Password, Database, Options, SslMode, SslRootCertificate, SslCertificate, SslKey, Passfile.")]
    [InlineData("""{ "Variable": { "Name": "A", "Format": "1" } }""", "\"Inject:Variable\" in {0} has Format \"1\"; legal are Keywords, Url, Host, Port, Username, Password, Database, Options, SslMode, SslRootCertificate, SslCertificate, SslKey, Passfile.")]
    [InlineData("""{ "Variable": "A=B" }""", "\"Inject:Variable\" in {0} has Name \"A=B\"; legal are letters, digits, \"_\", \".\" and \"-\", and no digit first.")]
    [InlineData("""{ "Variable": ["A", "2A"] }""", "\"Inject:Variable:1\" in {0} has Name \"2A\"; legal are letters, digits, \"_\", \".\" and \"-\", and no digit first.")]
    [InlineData("""{ "ConnectionString": "Größe" }""", "\"Inject:ConnectionString\" in {0} has Name \"Größe\"; legal are letters, digits, \"_\", \".\" and \"-\", and no digit first.")]
    [InlineData("""{ "ConnectionString": "Tenant:Main" }""", "\"Inject:ConnectionString\" in {0} has Name \"Tenant:Main\"; legal are letters, digits, \"_\", \".\" and \"-\", and no digit first.")]
    [InlineData("""{ "Variable": "SchemaIsolation__Server" }""", "\"Inject:Variable\" in {0} has Name \"SchemaIsolation__Server\"; legal is one that does not begin with \"SCHEMAISOLATION_\", as our own do.")]
    [InlineData("""{ "Libpq": "all" }""", "\"Inject:Libpq\" in {0} is \"all\"; legal are true and false.")]
    [InlineData("""{ "Libpq": { "Host": true } }""", "\"Inject:Libpq\" in {0} has \"Host\"; legal is nothing in it.")]
    [InlineData("""{ "ConnectionString": "A", "Variable": "CONNECTIONSTRINGS__A" }""", "\"Inject\" in {0} sets the variable \"ConnectionStrings__A\" 2 times; legal is once.")]
    [InlineData("""{ "Variable": { "Name": "PGHOST", "Format": "Host" }, "Libpq": true }""", "\"Inject\" in {0} sets the variable \"PGHOST\" 2 times; legal is once.")]
    public void A_mistake_is_named_with_its_source(string json, string mistake)
    {
        using var repository = new Repository();
        var file = repository.Write("App.Tests/schemaisolation.json", $$"""{ "Inject": {{json}} }""");

        var refusal = repository.Refusal();

        Assert.Equal("SI1001", refusal.Code);
        Assert.Equal($"One option is wrong. {string.Format(CultureInfo.InvariantCulture, mistake, file)}", refusal.Reason);
    }

    [Fact]
    public void All_mistakes_are_told_at_once()
    {
        using var repository = new Repository();

        var refusal = repository.Refusal(
            """<Configuration><MaxSlots>0</MaxSlots><Inject Server="x"><Variable Name="A" Format="Uri"/><Variable/><Libpq/><Libpq/></Inject></Configuration>""");

        Assert.StartsWith("15 options are wrong. ", refusal.Reason, StringComparison.Ordinal);
        Assert.Contains("\"Inject\" in the runsettings or --collect has \"Server\"", refusal.Reason, StringComparison.Ordinal);
        Assert.Contains("\"Inject:Variable:0\" in the runsettings or --collect has Format \"Uri\"", refusal.Reason, StringComparison.Ordinal);
        Assert.Contains("\"Inject:Variable:1\" in the runsettings or --collect has no Name", refusal.Reason, StringComparison.Ordinal);
        Assert.Contains("sets the variable \"PGHOST\" 2 times", refusal.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{ "MaxSlots": 0, "Inject": { "ConnectionString": "Default", "Variable": ["A", "2A"] } }""", "ConnectionStrings__Default, A")]
    [InlineData("""{ "Inject": "Default" }""", "")]
    [InlineData("""{ "Inject": """, "")]
    public void Of_options_that_are_refused_it_is_what_can_be_read(string json, string names)
    {
        using var repository = new Repository();
        repository.Write("App.Tests/schemaisolation.json", json);

        var injected = OptionsReader.ReadInjected(repository.Project, configurationXml: null);

        repository.Refusal();
        Assert.Equal(names, string.Join(", ", injected.Select(variable => variable.Name)));
    }

    private static string Describe(Options options) => string.Join(", ", options.Inject.Select(variable => $"{variable.Name}: {variable.Format}"));
}
