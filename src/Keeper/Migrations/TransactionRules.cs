namespace SchemaIsolation.Keeper.Migrations;

/// <summary>What a statement has to do with transactions, read from its key words.</summary>
internal static class TransactionRules
{
    private static readonly string[] Refusing =
    [
        "vacuum",
        "discard all",
        "alter system",
        "create database", "drop database",
        "create tablespace", "drop tablespace",
        "create subscription", "alter subscription", "drop subscription",
        "create index concurrently", "create unique index concurrently", "drop index concurrently",
    ];

    private static readonly string[] Ending = ["commit", "end", "rollback", "abort", "prepare transaction"];

    /// <summary>The server refuses it inside a transaction, or what it makes can be used only after the commit.</summary>
    public static bool Refuses(SqlStatement statement)
        => Refusing.Any(statement.StartsWith)
            || (statement.StartsWith("reindex") && Names(statement, "concurrently", "database", "schema", "system"))
            || (statement.StartsWith("cluster") && (statement.Words.Count == 1 || (statement.Words.Count == 2 && statement.Words[1].Is("verbose"))))
            || (statement.StartsWith("alter database") && statement.Contains("set tablespace"))
            || (statement.StartsWith("alter table") && statement.Contains("detach partition") && statement.Words[^1].Is("concurrently"))
            || (statement.StartsWith("alter type") && statement.Contains("add value"));

    public static bool Controls(SqlStatement statement) => Opens(statement) || Ends(statement) || FinishesPrepared(statement) || Chains(statement);

    public static bool Opens(SqlStatement statement) => statement.StartsWith("begin") || statement.StartsWith("start transaction");

    /// <remarks>Going back to a savepoint, or on to a chained transaction, leaves one open.</remarks>
    public static bool Ends(SqlStatement statement)
        => Ending.Any(statement.StartsWith) && !statement.Contains("to") && !FinishesPrepared(statement) && !Chains(statement);

    private static bool FinishesPrepared(SqlStatement statement) => statement.StartsWith("commit prepared") || statement.StartsWith("rollback prepared");

    private static bool Chains(SqlStatement statement) => Ending.Any(statement.StartsWith) && statement.Contains("and chain");

    private static bool Names(SqlStatement statement, params string[] keywords) => keywords.Any(statement.Contains);
}
