using SchemaIsolation.Keeper.Migrations;

namespace SchemaIsolation.Tests.Unit.Migrations;

public sealed class SqlScriptTransactionTests
{
    [Theory]
    [InlineData("create index concurrently on t (a)")]
    [InlineData("CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS i ON t (a)")]
    [InlineData("drop index concurrently i")]
    [InlineData("reindex table concurrently t")]
    [InlineData("reindex (verbose, concurrently) table t")]
    [InlineData("reindex database d")]
    [InlineData("alter table only \"T\" detach partition s.t1 concurrently")]
    [InlineData("vacuum (analyze) t")]
    [InlineData("cluster")]
    [InlineData("alter system set work_mem = '1MB'")]
    [InlineData("create database d")]
    [InlineData("drop database if exists d")]
    [InlineData("alter database d set tablespace t")]
    [InlineData("create tablespace t location '/t'")]
    [InlineData("drop tablespace t")]
    [InlineData("create subscription s connection '' publication p")]
    [InlineData("alter type s.\"E\" add /* a */ value if not exists 'x'")]
    [InlineData("discard all")]
    [InlineData("begin; select 1; commit")]
    [InlineData("start transaction; select 1; rollback")]
    [InlineData("commit")]
    [InlineData("prepare transaction 'x'")]
    [InlineData("rollback prepared 'x'")]
    [InlineData("-- no-transaction\nselect 1")]
    [InlineData("/* licence */\n--no-transaction\nselect 1")]
    [InlineData("-- migrate:up transaction:false\nselect 1")]
    [InlineData("-- +goose NO TRANSACTION\n-- +goose Up\nselect 1")]
    [InlineData("-- +migrate Up notransaction\nselect 1")]
    public void The_statements_are_sent_one_by_one(string script)
        => Assert.False(Parse("-- header\n" + script + "; select 2;").RunsInTransaction);

    [Theory]
    [InlineData("create index on concurrently (a)")]
    [InlineData("reindex table t")]
    [InlineData("refresh materialized view concurrently v")]
    [InlineData("alter table t detach partition t1")]
    [InlineData("alter type t add attribute value int")]
    [InlineData("alter type t rename value 'a' to 'b'")]
    [InlineData("cluster t using i")]
    [InlineData("create table \"vacuum\" (a int)")]
    [InlineData("savepoint a; rollback to savepoint a; release a")]
    [InlineData("do $$ begin perform 1; end $$")]
    [InlineData("select 'begin; commit'")]
    [InlineData("select 1; -- no-transaction")]
    [InlineData("-- a no-transaction comment")]
    [InlineData("-- migrate:up\nselect 1")]
    [InlineData("-- migrate:up\nselect 1;\n-- migrate:down\nvacuum")]
    [InlineData("prepare p as select 1")]
    public void The_statements_are_one_transaction(string script)
        => Assert.True(Parse(script + "\n; select 2;").RunsInTransaction);

    [Theory]
    [InlineData("-- migrate:up\nselect 1;\n-- migrate:down\nselect 'open", "line 2, column 1")]
    [InlineData("-- +goose Up\n-- +goose StatementBegin\nselect 1\n-- +goose StatementEnd\n-- +goose Down\nselect 2;", "line 3, column 1")]
    [InlineData("-- +migrate Up\n select 1;\n  -- +migrate Down\nselect 2;", "line 2, column 2")]
    [InlineData("-- header\n\n--migrate:up\nselect 1\n--migrate:down\n", "line 4, column 1")]
    public void Only_the_up_section_runs_and_keeps_its_place(string script, string position)
    {
        var statement = Assert.Single(Parse(script).Statements);

        Assert.Equal("select 1", statement.Text);
        Assert.Equal(position, statement.Position.ToString());
    }

    [Fact]
    public void A_section_mark_within_a_string_or_behind_a_statement_is_none()
    {
        var script = Parse("-- migrate:up\nselect $$\n-- migrate:down\n$$; -- migrate:down\nselect 2;");

        Assert.Equal(2, script.Statements.Count);
    }

    private static SqlScript Parse(string script) => SqlScript.Parse(new MigrationFile("/m/V1__x.sql", "V1__x.sql", script));
}
