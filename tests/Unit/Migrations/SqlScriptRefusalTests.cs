using SchemaIsolation.Keeper.Migrations;

namespace SchemaIsolation.Tests.Unit.Migrations;

public sealed class SqlScriptRefusalTests
{
    [Theory]
    [InlineData("select 1;\n  'abc", "at line 2, column 3, a string is opened and never closed")]
    [InlineData("select\n e'abc\\'", "at line 2, column 2, a string is opened and never closed")]
    [InlineData("select e'abc\\", "at line 1, column 8, a string is opened and never closed")]
    [InlineData("select \"abc\"\"", "at line 1, column 8, a quoted identifier is opened and never closed")]
    [InlineData("select U&'abc", "at line 1, column 10, a Unicode literal is opened and never closed")]
    [InlineData("select\r\n\r\n$a$ $$ $A$", "at line 3, column 1, a dollar quote \"$a$\" is opened and never closed")]
    [InlineData("select 1 /* /* */", "at line 1, column 10, a comment is opened and never closed")]
    [InlineData("select 1;\ncopy t from stdin;\n1\n2\n", "at line 2, column 1, the data of COPY … FROM stdin never ends")]
    [InlineData("copy t from stdin", "at line 1, column 1, the data of COPY … FROM stdin never ends")]
    [InlineData("copy t from stdin; select 1;\n\\.\n", "at line 1, column 1, COPY … FROM stdin is followed by more on its line")]
    [InlineData("copy (select 1) to stdout", "at line 1, column 1, COPY … TO stdout has nobody who reads it")]
    [InlineData("select 1;\n\\connect other\nselect 2", "at line 2, column 1, the psql command \"\\connect\" stands in the script")]
    [InlineData("select 1 \\gexec", "at line 1, column 10, the psql command \"\\gexec\" stands in the script")]
    [InlineData("select 1 \\restrict x", "at line 1, column 10, the psql command \"\\restrict\" stands in the script")]
    [InlineData("select 1;\nbegin;\nselect 2;", "at line 2, column 1, a transaction is begun and never ended")]
    [InlineData("start transaction; commit and chain;", "at line 1, column 1, a transaction is begun and never ended")]
    [InlineData("begin; savepoint a; rollback to a;", "at line 1, column 1, a transaction is begun and never ended")]
    [InlineData("select 1;\n-- migrate:up\nselect 2;", "at line 2, column 1, an up section starts behind statements that belong to no section")]
    [InlineData("select 1;\n-- migrate:down\nselect 2;", "at line 2, column 1, a down section starts and no up section stands before it")]
    public void A_script_that_cannot_be_run_is_refused_with_the_place(string script, string problem)
    {
        var exception = Assert.Throws<SchemaIsolationException>(() => SqlScript.Parse(new MigrationFile("/m/V1__x.sql", "V1__x.sql", script)));

        Assert.Equal("SI1205", exception.Code);
        Assert.StartsWith($"The file \"V1__x.sql\" cannot be run: {problem}.", exception.Reason, StringComparison.Ordinal);
    }
}
