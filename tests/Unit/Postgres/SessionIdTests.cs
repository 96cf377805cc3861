using SchemaIsolation.Keeper.Postgres;

namespace SchemaIsolation.Tests.Unit.Postgres;

public sealed class SessionIdTests
{
    [Theory]
    [InlineData(0u, "00000000")]
    [InlineData(1u, "00000001")]
    [InlineData(0x0a1b2c3du, "0a1b2c3d")]
    [InlineData(0xffffffffu, "ffffffff")]
    public void Its_text_is_eight_hexadecimal_digits_and_parses_back(uint key, string text)
    {
        var session = new SessionId(key);

        Assert.Equal(text, session.Text);
        Assert.Equal(text, session.ToString());
        Assert.Equal(session, SessionId.Parse(text));
    }

    [Fact]
    public void Two_new_ones_differ()
    {
        var one = SessionId.New();

        var other = SessionId.New();

        Assert.NotEqual(one, other);
    }
}
