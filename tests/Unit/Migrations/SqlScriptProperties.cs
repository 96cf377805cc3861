using FsCheck;
using SchemaIsolation.Keeper.Migrations;

namespace SchemaIsolation.Tests.Unit.Migrations;

public sealed class SqlScriptProperties
{
    private static readonly string[] KnownStatements =
    [
        "select ';'",
        "select e'\\';', E'\\\\'",
        "select U&'\\0061;''' , \";\"\"\"",
        "select $$ ; ' \" -- /* $$",
        "select $a$ $b$ ; $b$ $$ ; $a$",
        "select a$b$ from t where x = $1 and y$ = '$$;'",
        "select 1 /* ; /* ' */ $$ */ + 2",
        "select 1 -- ; ' $$\n + 2",
        "create rule r as on insert to t do also (delete from u; delete from v)",
        "create function f() returns int begin atomic select case when true then 1 else 2 end; select 3; end",
        "create or replace procedure p() language sql begin atomic insert into t values (1); end",
        "create table \"end\" (\"begin\" int, atomic text)",
        "do $body$ begin perform 1; end; $body$",
    ];

    [Fact]
    public void Random_scripts_of_known_statements_come_apart_again()
    {
        var scripts = Arb.From(Gen.ListOf(Gen.Elements(KnownStatements)));

        Prop.ForAll(scripts, script => Split(string.Join(";\n", script)).SequenceEqual(script, StringComparer.Ordinal))
            .QuickCheckThrowOnFailure();
    }

    private static IEnumerable<string> Split(string script)
        => SqlScript.Parse(new MigrationFile("/m/V1__x.sql", "V1__x.sql", script)).Statements.Select(statement => statement.Text);
}
