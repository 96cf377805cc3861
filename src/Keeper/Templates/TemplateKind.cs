namespace SchemaIsolation.Keeper.Templates;

internal enum TemplateKind
{
    /// <summary>A database that holds several copies of the migrated schema.</summary>
    Schema,

    /// <summary>A database with the tables where the migrations put them.</summary>
    Database,
}
