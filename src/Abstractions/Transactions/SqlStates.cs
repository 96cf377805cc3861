namespace SchemaIsolation.Transactions;

internal static class SqlStates
{
    public const string ActiveTransaction = "25001"; // active_sql_transaction
    public const string NoTransaction = "25P01"; // no_active_sql_transaction
    public const string FailedTransaction = "25P02"; // in_failed_sql_transaction
    public const string NoSavepoint = "3B001"; // invalid_savepoint_specification
}
