namespace SchemaIsolation.Keeper.Sessions;

/// <summary>How a test names its slot.</summary>
/// <param name="Name">Of the schema or database.</param>
/// <param name="SearchPath">Where unqualified names lead; null for the server's default.</param>
/// <param name="Role">Whose rights the test has; null for the keeper's own.</param>
internal sealed record SlotAddress(string Name, string? SearchPath, string? Role);
