using SchemaIsolation.Keeper.Migrations;

namespace SchemaIsolation.Tests.Unit.Migrations;

public sealed class SqlScriptTests
{
    [Theory]
    [InlineData("select 1; select 2", new[] { "select 1", "select 2" })]
    [InlineData(";; -- nothing\n /* nothing; */ ;", new string[0])]
    [InlineData("  select 1 -- trailing\n ;", new[] { "select 1" })]
    [InlineData("select 'it''s; one'; select 2", new[] { "select 'it''s; one'", "select 2" })]
    [InlineData("select 'back\\'; select 2", new[] { "select 'back\\'", "select 2" })]
    [InlineData("select e'back\\'; one'; select 2", new[] { "select e'back\\'; one'", "select 2" })]
    [InlineData("select typeE'a\\'; select 2", new[] { "select typeE'a\\'", "select 2" })]
    [InlineData("select e'a'\n 'b\\';c'; select 2", new[] { "select e'a'\n 'b\\';c'", "select 2" })]
    [InlineData("select e'a' -- why\n 'b\\';c'; select 2", new[] { "select e'a' -- why\n 'b\\';c'", "select 2" })]
    [InlineData("select e'a' 'b\\'; select 2", new[] { "select e'a' 'b\\'", "select 2" })]
    [InlineData("select n'a\\', b'01', x'1f'; select 2", new[] { "select n'a\\', b'01', x'1f'", "select 2" })]
    [InlineData("select a$b$; select $b$; $b$", new[] { "select a$b$", "select $b$; $b$" })]
    [InlineData("select $1; select $2", new[] { "select $1", "select $2" })]
    [InlineData("select $ü$;$ü$; select 2", new[] { "select $ü$;$ü$", "select 2" })]
    [InlineData("select $a$ $A$ ; $a$; select 2", new[] { "select $a$ $A$ ; $a$", "select 2" })]
    [InlineData("select 1+--;\n2; select 3", new[] { "select 1+--;\n2", "select 3" })]
    [InlineData("select 5 */* ; */ 2; select 3", new[] { "select 5 */* ; */ 2", "select 3" })]
    [InlineData("select (1; select 2", new[] { "select (1; select 2" })]
    [InlineData("select 1); select 2", new[] { "select 1)", "select 2" })]
    [InlineData("select 1 --\r; select 2", new[] { "select 1", "select 2" })]
    [InlineData("select @x, :y, a ? b, a @> b, c::int; select 2", new[] { "select @x, :y, a ? b, a @> b, c::int", "select 2" })]
    [InlineData("begin; select 1; end; select 2", new[] { "begin", "select 1", "end", "select 2" })]
    public void A_script_comes_apart_where_the_server_would_cut(string script, string[] statements)
        => Assert.Equal(statements, Split(script), StringComparer.Ordinal);

    [Theory]
    [InlineData("create function f() returns int begin atomic select 1 as end; select t.end from t; end")]
    [InlineData("create function f() returns int begin atomic select (case when true then 1 end); select 2; end")]
    [InlineData("create function f() returns int begin atomic select case case 1 when 1 then 2 end when 2 then 3 end; end")]
    [InlineData("CREATE PROCEDURE p() BEGIN /* ; */ ATOMIC SELECT 1; END")]
    public void A_body_in_standard_sql_belongs_to_its_statement(string routine)
        => Assert.Equal([routine, "select 4"], Split(routine + "; select 4"), StringComparer.Ordinal);

    [Fact]
    public void Copied_data_belongs_to_its_statement_as_it_stands()
    {
        var script = Parse("select 1;\ncopy t (a, b) from stdin with (format text); -- data\na;'\t\\N\r\n\\.x\n\n$$\n\\.\nselect 2;");

        Assert.Equal(["select 1", "copy t (a, b) from stdin with (format text)", "select 2"], script.Statements.Select(statement => statement.Text), StringComparer.Ordinal);
        Assert.Equal([null, "a;'\t\\N\r\n\\.x\n\n$$\n", null], script.Statements.Select(statement => statement.CopyData), StringComparer.Ordinal);
    }

    [Fact]
    public void Copied_data_may_be_empty_and_end_the_file()
    {
        var copy = Assert.Single(Parse("COPY t FROM STDIN;\r\n\\.").Statements);

        Assert.Equal("", copy.CopyData);
    }

    [Fact]
    public void A_copy_from_a_file_has_no_data()
        => Assert.Null(Assert.Single(Parse("copy stdin from '/x'").Statements).CopyData);

    [Fact]
    public void Restrictions_around_a_dump_are_passed_over()
        => Assert.Equal(["select 1", "select 2"], Split("\\restrict abc\nselect 1;\n\\unrestrict abc\r\nselect 2;"), StringComparer.Ordinal);

    [Fact]
    public void A_statement_knows_its_place()
    {
        var script = Parse("-- é\r\n select 1;\r\n\r\n/* x\n */ select\n 2;\rselect 3; select 4");

        Assert.Equal(["line 2, column 2", "line 5, column 5", "line 7, column 1", "line 7, column 11"], script.Statements.Select(statement => statement.Position.ToString()), StringComparer.Ordinal);
        Assert.Equal([7, 29, 40, 50], script.Statements.Select(statement => statement.Offset));
    }

    private static IEnumerable<string> Split(string script) => Parse(script).Statements.Select(statement => statement.Text);

    private static SqlScript Parse(string script) => SqlScript.Parse(new MigrationFile("/m/V1__x.sql", "V1__x.sql", script));
}
