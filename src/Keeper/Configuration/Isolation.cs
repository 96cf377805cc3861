namespace SchemaIsolation.Keeper.Configuration;

/// <summary>What a migrated lease of a schema gets.</summary>
internal enum Isolation
{
    /// <summary>A schema where that is proved to hold, else a database.</summary>
    Auto,

    /// <summary>A schema, or a refusal.</summary>
    Schema,

    /// <summary>A database.</summary>
    Database,
}
