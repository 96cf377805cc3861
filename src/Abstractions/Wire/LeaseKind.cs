namespace SchemaIsolation.Wire;

internal enum LeaseKind
{
    Schema,
    Database,
}
