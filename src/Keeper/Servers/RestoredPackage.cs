namespace SchemaIsolation.Keeper.Servers;

/// <param name="Id">The package's.</param>
/// <param name="Version">The version.</param>
/// <param name="Directory">Where it is unpacked; null when it is not.</param>
internal sealed record RestoredPackage(string Id, string Version, string? Directory);
