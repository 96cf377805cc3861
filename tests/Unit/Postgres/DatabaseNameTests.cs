using SchemaIsolation.Keeper.Postgres;

namespace SchemaIsolation.Tests.Unit.Postgres;

public sealed class DatabaseNameTests
{
    [Fact]
    public void A_template_is_named_after_its_fingerprint()
    {
        var name = DatabaseName.ForTemplate("0123456789abcdef");

        Assert.Equal("si_t_0123456789abcdef", name.ToString());
    }

    [Fact]
    public void A_database_of_a_session_is_named_after_it_and_numbered()
    {
        var name = DatabaseName.ForSession(new SessionId(0x0a1b2c3d), 7);

        Assert.Equal("si_s_0a1b2c3d_7", name.ToString());
    }

    [Fact]
    public void A_slot_is_named_after_its_session_and_numbered()
    {
        var name = DatabaseName.ForSlot(new SessionId(1), 0);

        Assert.Equal("si_d_00000001_0", name.ToString());
    }

    [Theory]
    [InlineData("si_t_0123456789abcdef", "Template", "0123456789abcdef", null)]
    [InlineData("si_t_0000000000000000", "Template", "0000000000000000", null)]
    [InlineData("si_p_0123456789abcdef", "Probe", "0123456789abcdef", null)]
    [InlineData("si_s_0a1b2c3d_7", "Session", "0a1b2c3d", 7)]
    [InlineData("si_d_ffffffff_0", "Slot", "ffffffff", 0)]
    [InlineData("si_d_ffffffff_2147483647", "Slot", "ffffffff", 2147483647)]
    [InlineData("si_k_0a1b2c3d_3", "Kept", "0a1b2c3d", 3)]
    public void A_name_of_ours_parses_into_its_parts_and_back(string text, string kind, string owner, int? number)
    {
        var name = DatabaseName.TryParse(text)!.Value;

        Assert.Equal(kind, name.Kind.ToString());
        Assert.Equal(owner, name.Owner);
        Assert.Equal(number, name.Number);
        Assert.Equal(text, name.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("postgres")]
    [InlineData("si_")]
    [InlineData("si_t_")]
    [InlineData("si_t_0123456789abcde")]
    [InlineData("si_t_0123456789abcdef0")]
    [InlineData("si_t_0123456789ABCDEF")]
    [InlineData("si_t_0123456789abcdeg")]
    [InlineData("si_t_0123456789abcdef\n")]
    [InlineData("si_t_0123456789abcdef_1")]
    [InlineData("si_p_0123456789abcdef_1")]
    [InlineData("si_x_0123456789abcdef")]
    [InlineData(" si_t_0123456789abcdef")]
    [InlineData("si_t_0123456789abcdef ")]
    [InlineData("SI_T_0123456789abcdef")]
    [InlineData("si_T_0123456789abcdef")]
    [InlineData("xsi_t_0123456789abcdef")]
    [InlineData("si-t-0123456789abcdef")]
    [InlineData("si_s_0a1b2c3d")]
    [InlineData("si_s_0a1b2c3d_")]
    [InlineData("si_s_0a1b2c3d_01")]
    [InlineData("si_s_0a1b2c3d_00")]
    [InlineData("si_s_0a1b2c3d_-1")]
    [InlineData("si_s_0a1b2c3d_+1")]
    [InlineData("si_s_0a1b2c3d_1.0")]
    [InlineData("si_s_0a1b2c3d_1 ")]
    [InlineData("si_s_0a1b2c3d_1\n")]
    [InlineData("si_s_0a1b2c3d_1\0")]
    [InlineData("si_s_0a1b2c3d_1_1")]
    [InlineData("si_s_0a1b2c3d_x")]
    [InlineData("si_s_0a1b2c3d_\u0661")]
    [InlineData("si_s_0a1b2c3d_2147483648")]
    [InlineData("si_s_0a1b2c3d_4294967296")]
    [InlineData("si_s_0a1b2c3d_99999999999999999999999999")]
    [InlineData("si_s_0A1B2C3D_1")]
    [InlineData("si_s_0a1b2c3_1")]
    [InlineData("si_s_0a1b2c3d4_1")]
    [InlineData("si_s_0a1b2c3g_1")]
    [InlineData("si_s__1")]
    [InlineData("si_x_0a1b2c3d_1")]
    [InlineData("si_sd_0a1b2c3d_1")]
    [InlineData("si_d_0a1b2c3d")]
    [InlineData("si_d_0a1b2c3d_1; drop database postgres")]
    [InlineData("my_si_d_0a1b2c3d_1")]
    [InlineData("si_d_0a1b2c3d_1_backup")]
    public void What_is_not_exactly_a_name_of_ours_does_not_parse(string text)
    {
        Assert.Null(DatabaseName.TryParse(text));
    }
}
