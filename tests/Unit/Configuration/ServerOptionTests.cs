namespace SchemaIsolation.Tests.Unit.Configuration;

[Collection(nameof(EnvironmentCollection))]
public sealed class ServerOptionTests
{
    [Fact]
    public void A_mistake_in_the_server_is_explained_without_its_value()
    {
        using var repository = new Repository();
        var file = repository.Write("App.Tests/schemaisolation.json", """{ "Server": "postgres://user:s3cret@localhost?colour=red" }""");

        var refusal = repository.Refusal();

        Assert.Equal("SI1001", refusal.Code);
        Assert.Equal(
            $"One option is wrong. \"Server\" in {file} cannot be used: its parameter \"colour\" is not one of host, port, user, password, passfile, dbname, sslmode, "
            + "sslrootcert, sslcert, sslkey, connect_timeout, options, application_name. "
            + "Legal is Npgsql keywords (Host=…;Username=…), an address (postgres://user@host:5432), or env: and the name of an environment variable that holds either.",
            refusal.Reason);
    }

    [Theory]
    [InlineData("")]
    [InlineData("localhost")]
    [InlineData("Username=tester")]
    [InlineData("Host=")]
    [InlineData("postgres://")]
    [InlineData("mysql://localhost")]
    public void What_names_no_server_is_a_mistake(string server)
    {
        using var repository = new Repository();
        repository.Write("App.Tests/schemaisolation.json", $$"""{ "Server": "{{server}}" }""");

        var refusal = repository.Refusal();

        Assert.Equal("SI1001", refusal.Code);
        Assert.Contains("\"Server\" in ", refusal.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_variable_that_is_named_holds_the_server()
    {
        using var repository = new Repository();
        using var variable = new EnvironmentVariable("SERVER_OF_TESTS", "postgres://tester:s3cret@db.example:6000");
        var file = repository.Write("App.Tests/schemaisolation.json", """{ "Server": "env:SERVER_OF_TESTS" }""");

        var options = repository.Read();

        Assert.Equal("db.example:6000", options.Server!.ToString());
        Assert.Equal(file, options.ServerOrigin);
    }

    [Fact]
    public void A_variable_that_is_named_and_not_set_is_a_mistake()
    {
        using var repository = new Repository();
        var file = repository.Write("App.Tests/schemaisolation.json", """{ "Server": "env:NO_SUCH_VARIABLE" }""");

        var refusal = repository.Refusal();

        Assert.Equal($"One option is wrong. \"Server\" in {file} names the environment variable \"NO_SUCH_VARIABLE\", which is not set. Set it, or name the server itself.", refusal.Reason);
    }

    [Fact]
    public void A_variable_with_a_mistake_is_explained_without_its_value()
    {
        using var repository = new Repository();
        using var variable = new EnvironmentVariable("SERVER_OF_TESTS", "postgres://tester:s3cret@h?port=many");
        repository.Write("App.Tests/schemaisolation.json", """{ "Server": "env:SERVER_OF_TESTS" }""");

        Assert.DoesNotContain("s3cret", repository.Refusal().Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_user_name_of_more_than_63_bytes_is_a_mistake()
    {
        using var repository = new Repository();
        repository.Write("App.Tests/schemaisolation.json", """{ "Server": "Host=h;Username=üüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüü" }""");

        var refusal = repository.Refusal();

        Assert.Contains("cannot be used: its user name is longer than 63 bytes, where PostgreSQL would cut it. Legal is ", refusal.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Host=h;Password=s3cret;Colour=red")]
    [InlineData("Host=h;Password=s3cret;Port=many")]
    [InlineData("Host=h;Password=s3cret;Port=99999999999")]
    [InlineData("Host=h;Password=s3cret;SSL Mode=wrong")]
    [InlineData("Host=h;Password=s3cret;Pooling=perhaps")]
    [InlineData("Host=h;Password=s3cret;Timeout=-5")]
    [InlineData("Host=h;Password=\"s3cret")]
    [InlineData("Host=h;Pasword=s3cret")]
    [InlineData("Host=h;s3cret")]
    [InlineData("Password=s3cret")]
    [InlineData("postgres://user:s3cret@")]
    [InlineData("postgres://user:s3cret@h:port")]
    [InlineData("postgres://user:s3cret@h:99999")]
    [InlineData("postgres://user:s3cret@h?port=many")]
    [InlineData("postgres://user:s3cret@h?sslmode=wrong")]
    [InlineData("postgres://user:s3cret@h1:1,h2:2")]
    [InlineData("postgres://user:p/s3cret@h")]
    [InlineData("postgres://user:p?s3cret@h")]
    [InlineData("mysql://user:s3cret@h")]
    [InlineData("user:s3cret@h")]
    public void A_password_appears_in_no_message(string server)
    {
        using var repository = new Repository();
        repository.Write("App.Tests/.env.test", $"SCHEMAISOLATION__Server='{server}'");

        var refusal = repository.Refusal();

        Assert.DoesNotContain("s3cret", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Host=h;Port=5432 Password=s3cret")]
    [InlineData("Host=h;Port=5432,Password=s3cret")]
    [InlineData("postgres://h?port=5432;password=s3cret")]
    [InlineData("postgres://user:1?s3cret@h")]
    [InlineData("postgres://h?password:s3cret")]
    public void A_password_appears_in_no_message_when_a_separator_is_wrong(string server)
    {
        using var repository = new Repository();
        repository.Write("App.Tests/.env.test", $"SCHEMAISOLATION__Server='{server}'");

        var refusal = repository.Refusal();

        Assert.DoesNotContain("s3cret", refusal.Message, StringComparison.Ordinal);
    }
}
