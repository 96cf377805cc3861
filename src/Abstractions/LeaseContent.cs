namespace SchemaIsolation;

/// <summary>What a leased schema or database holds when the test gets it.</summary>
public enum LeaseContent
{
    /// <summary>The project's migrations and seeds, as in the template.</summary>
    Migrated,

    /// <summary>Nothing: the schema or database exists and is empty, for code that creates its own tables.</summary>
    Empty,

    /// <summary>Not even itself: the name is reserved and does not exist yet, for code that runs <c>CREATE SCHEMA</c> or <c>CREATE DATABASE</c>.</summary>
    NameOnly,
}
