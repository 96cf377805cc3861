using SchemaIsolation.Keeper.Postgres;

namespace SchemaIsolation.Tests.Unit.Postgres;

public sealed class SchemaPatternTests
{
    [Theory]
    [InlineData("test_*", "test_", true)]
    [InlineData("test_*", "test_1", true)]
    [InlineData("test_*", "test_a\nb", true)]
    [InlineData("test_*", "Test_1", false)]
    [InlineData("test_*", "my_test_1", false)]
    [InlineData("test_*", "test", false)]
    [InlineData("test_?", "test_1", true)]
    [InlineData("test_?", "test_😀", true)]
    [InlineData("test_?", "test_", false)]
    [InlineData("test_?", "test_12", false)]
    [InlineData("test_?", "test_1\n", false)]
    [InlineData("test_*_end", "test_a_b_end", true)]
    [InlineData("test_*_end", "test_end", false)]
    [InlineData("test", "test", true)]
    [InlineData("test", "tests", false)]
    [InlineData("te.t*", "test_1", false)]
    [InlineData("te.t*", "te.t_1", true)]
    [InlineData("it's \"[a-z]+\" ($);*", "it's \"[a-z]+\" ($); drop", true)]
    [InlineData(@"back\*", @"back\slash", true)]
    [InlineData("pgtest_*", "pgtest_1", true)]
    [InlineData("PG_*", "PG_1", true)]
    [InlineData("PG_*", "pg_1", false)]
    [InlineData("pg", "pg", true)]
    [InlineData("public_*", "public_1", true)]
    [InlineData("Public", "Public", true)]
    public void A_pattern_matches_whole_names_as_they_are_written(string pattern, string schema, bool matches)
    {
        Assert.Equal(matches, SchemaPattern.Parse(pattern).Matches(schema));
    }

    [Theory]
    [InlineData("*", "it could match every schema.")]
    [InlineData("?*", "it could match every schema.")]
    [InlineData("**", "it could match every schema.")]
    [InlineData("*_test", "it could match every schema.")]
    [InlineData("p*", "it could match PostgreSQL's own schemas")]
    [InlineData("pg*", "it could match PostgreSQL's own schemas")]
    [InlineData("pg?x*", "it could match PostgreSQL's own schemas")]
    [InlineData("pg_*", "it could match PostgreSQL's own schemas")]
    [InlineData("pg_test_*", "it could match PostgreSQL's own schemas")]
    [InlineData("pg_catalog", "it could match PostgreSQL's own schemas")]
    [InlineData("public", "it matches \"public\".")]
    [InlineData("pub*", "it matches \"public\".")]
    [InlineData("publi?", "it matches \"public\".")]
    [InlineData("pu*c", "it matches \"public\".")]
    [InlineData("information_schema", "it matches \"information_schema\".")]
    [InlineData("i*", "it matches \"information_schema\".")]
    [InlineData("info*_schema", "it matches \"information_schema\".")]
    [InlineData("", "it is not 1 to 63 bytes long.")]
    [InlineData("test_\0", "it is not 1 to 63 bytes long.")]
    [InlineData("test_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa*", "it is not 1 to 63 bytes long.")]
    public void A_pattern_that_could_match_what_is_nobodys_test_is_refused(string pattern, string reason)
    {
        var refusal = Assert.Throws<FormatException>(() => SchemaPattern.Parse(pattern));

        Assert.StartsWith(reason, refusal.Message, StringComparison.Ordinal);
    }
}
