namespace SchemaIsolation.Transactions;

/// <summary>Has the name by which Dapper tells that a list is to be sent as an array, as in <c>id = any(@ids)</c>.</summary>
internal sealed class NpgsqlConnection(OwnStatements statements) : EnlistedConnection(statements);
