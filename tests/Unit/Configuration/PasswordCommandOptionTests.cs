namespace SchemaIsolation.Tests.Unit.Configuration;

public sealed class PasswordCommandOptionTests
{
    [Fact]
    public void It_runs_where_the_file_that_names_it_is()
    {
        using var repository = new Repository();
        var file = repository.Write("schemaisolation.json", """{ "Server": "Host=h", "PasswordCommand": "./token.sh --role \"the tester\"" }""");

        var command = repository.Read().PasswordCommand;

        Assert.Equal("./token.sh --role \"the tester\"", command?.Text);
        Assert.Equal(Path.GetDirectoryName(file), command?.Directory);
    }

    [Theory]
    [InlineData("""{ "Server": "Host=h", "PasswordCommand": "echo 'x" }""", "\"PasswordCommand\" in {0} cannot be used: a quote (') is never closed. Legal is a program and its arguments.")]
    [InlineData("""{ "Server": "Host=h", "PasswordCommand": " " }""", "\"PasswordCommand\" in {0} cannot be used: it names no program. Legal is a program and its arguments.")]
    [InlineData("""{ "PasswordCommand": "echo x" }""", "\"PasswordCommand\" prints the password of a server, and \"Server\" names none. Name it, or leave \"PasswordCommand\" out for the embedded one.")]
    [InlineData("""{ "Server": "Host=h;Password=s3cret", "PasswordCommand": "echo x" }""", "\"PasswordCommand\" prints the password, and \"Server\" has a Password or a Passfile. Leave one of them out.")]
    [InlineData("""{ "Server": "Host=h;Passfile=p", "PasswordCommand": "echo x" }""", "\"PasswordCommand\" prints the password, and \"Server\" has a Password or a Passfile. Leave one of them out.")]
    public void What_cannot_be_meant_is_a_mistake(string json, string message)
    {
        using var repository = new Repository();
        var file = repository.Write("App.Tests/schemaisolation.json", json);

        var refusal = repository.Refusal();

        Assert.Equal("SI1001", refusal.Code);
        Assert.Equal($"One option is wrong. {message.Replace("{0}", file, StringComparison.Ordinal)}", refusal.Reason);
    }
}
