namespace SchemaIsolation.Tests.Unit.Abstractions;

public sealed class SchemaIsolationExceptionTests
{
    [Fact]
    public void Its_message_is_the_code_and_the_reason()
    {
        var cause = new InvalidOperationException("Cause.");

        var exception = new SchemaIsolationException("SI2001", "Nothing can be leased.", cause);

        Assert.Equal("SI2001: Nothing can be leased.", exception.Message);
        Assert.Equal("SI2001", exception.Code);
        Assert.Equal("Nothing can be leased.", exception.Reason);
        Assert.Same(cause, exception.InnerException);
    }
}
