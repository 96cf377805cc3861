using SchemaIsolation.Keeper.Postgres;

namespace SchemaIsolation.Tests.Unit.Postgres;

public sealed class SchemaNameTests
{
    [Fact]
    public void A_schema_in_a_shared_database_names_its_session()
    {
        var name = SchemaName.ForShared(new SessionId(0x0a1b2c3d), 12);

        Assert.Equal("si_0a1b2c3d_12", name);
        Assert.Equal(new SessionId(0x0a1b2c3d), SchemaName.SessionOf(name));
    }

    [Theory]
    [InlineData("")]
    [InlineData("public")]
    [InlineData("test_1")]
    [InlineData("si_0a1b2c3d")]
    [InlineData("si_0a1b2c3d_")]
    [InlineData("si_0a1b2c3d_0")]
    [InlineData("si_0a1b2c3d_01")]
    [InlineData("si_0A1B2C3D_1")]
    [InlineData("si_0a1b2c3_1")]
    [InlineData("si_0a1b2c3d_1_")]
    [InlineData("si_0a1b2c3d_1\n")]
    [InlineData("xsi_0a1b2c3d_1")]
    [InlineData("si_d_0a1b2c3d_1")]
    public void Any_other_name_is_nobodys(string name) => Assert.Null(SchemaName.SessionOf(name));

    [Theory]
    [InlineData("schema si_0a1b2c3d_1", true)]
    [InlineData("relation si_0a1b2c3d_1.packs", true)]
    [InlineData("text search dictionary si_0a1b2c3d_12.words", true)]
    [InlineData("relation public.si_0a1b2c3d_1", false)]
    [InlineData("relation \"si_0a1b2c3d_1x\".packs", false)]
    [InlineData("publication si_0a1b2c3d_1x", false)]
    public void What_is_in_such_a_schema_is_told_by_its_description(string description, bool isIn) => Assert.Equal(isIn, SchemaName.IsInShared(description));

    [Theory]
    [InlineData("si_0a1b2c3d_1")]
    [InlineData("si_0a1b2c3d_1,public", "public")]
    [InlineData("si_0a1b2c3d_1,\"Odd, \"\"one\"\"\",public", "Odd, \"one\"", "public")]
    public void A_search_path_leads_to_extensions_last(string searchPath, params string[] extensionSchemas)
        => Assert.Equal(searchPath, SchemaName.SearchPath("si_0a1b2c3d_1", extensionSchemas));
}
