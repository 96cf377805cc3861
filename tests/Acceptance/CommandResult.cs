namespace SchemaIsolation.Tests.Acceptance;

internal sealed record CommandResult(int ExitCode, string Output)
{
    public CommandResult MustSucceed()
    {
        Assert.True(ExitCode == 0, Output);
        return this;
    }
}
