using SchemaIsolation.Keeper.Reporting;

namespace SchemaIsolation.Tests.Unit.Reporting;

public sealed class ElapsedTextTests
{
    [Theory]
    [InlineData(0, "0 ms")]
    [InlineData(0.004, "0.1 ms")]
    [InlineData(0.84, "0.8 ms")]
    [InlineData(9.96, "10 ms")]
    [InlineData(999.4, "999 ms")]
    [InlineData(999.6, "1.0 s")]
    [InlineData(59_960, "1 min 00 s")]
    [InlineData(3_725_400, "62 min 05 s")]
    public void It_has_few_digits_and_the_unit_that_suits(double milliseconds, string expected)
        => Assert.Equal(expected, ElapsedText.Of(milliseconds));
}
