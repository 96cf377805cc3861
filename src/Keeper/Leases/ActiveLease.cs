using SchemaIsolation.Wire;

namespace SchemaIsolation.Keeper.Leases;

/// <summary>A lease as its holder's connection sees it.</summary>
/// <param name="Grant">What the test is told.</param>
/// <param name="Release">To be called once, with how the test released it, or null when its process went away.</param>
internal sealed record ActiveLease(LeaseGrant Grant, Action<LeaseRelease?> Release);
