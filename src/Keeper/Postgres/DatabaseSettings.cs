namespace SchemaIsolation.Keeper.Postgres;

/// <summary>What CREATE DATABASE … TEMPLATE leaves behind: the settings and grants of the database itself, its limit of connections and its comment.</summary>
internal sealed class DatabaseSettings
{
    private readonly IReadOnlyList<Func<string, string>> statements;

    private DatabaseSettings(IReadOnlyList<Func<string, string>> statements) => this.statements = statements;

    /// <param name="server">Where the database is.</param>
    /// <param name="database">The database.</param>
    /// <param name="comment">What its migrations have said of it; empty for nothing.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public static async Task<DatabaseSettings> ReadAsync(PostgresServer server, DatabaseName database, string comment, CancellationToken cancellationToken)
    {
        var statements = new List<Func<string, string>>();
        foreach (var row in await server.ListAsync(Sql.ListDatabaseSettings, cancellationToken, database.ToString()))
            statements.Add(name => Sql.SetDatabase(name, role: row[0], setting: row[1]!, value: row[2]!));

        var grants = await server.ListAsync(Sql.ListDatabaseGrants, cancellationToken, database.ToString());
        if (grants.Count > 0)
            statements.Add(Sql.RevokeFromPublic);
        foreach (var row in grants)
            statements.Add(name => Sql.GrantOnDatabase(name, privilege: row[0]!, role: row[1]));
        foreach (var row in await server.ListAsync(Sql.FindConnectionLimit, cancellationToken, database.ToString()))
            statements.Add(name => Sql.LimitConnections(name, row[0]!));
        if (comment.Length > 0)
            statements.Add(name => Sql.CommentOnDatabase(name, comment));
        return new DatabaseSettings(statements);
    }

    public async Task ApplyAsync(PostgresServer server, DatabaseName database, CancellationToken cancellationToken)
    {
        foreach (var statement in statements)
            await server.ExecuteAsync(statement(database.ToString()), cancellationToken);
    }
}
