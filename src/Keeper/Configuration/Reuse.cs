namespace SchemaIsolation.Keeper.Configuration;

/// <summary>What becomes of a slot that a test has released.</summary>
internal enum Reuse
{
    /// <summary>It is dropped.</summary>
    Never,

    /// <summary>It is reset, and gets another name, which nothing that a test left running knows.</summary>
    Fenced,

    /// <summary>It is reset and keeps its name, and with it the connections in the suite's pools.</summary>
    Warm,
}
