namespace SchemaIsolation.Keeper.Leases;

/// <summary>What the end of a test case says of leases.</summary>
/// <param name="Own">The failed test's, as far as can be told.</param>
/// <param name="LetGo">Released ones of which it is known now that their tests did not fail.</param>
/// <param name="IsAmbiguous">Whether there are leases that may be the failed test's, or was one that did not wait for its end, and none that can be told to be.</param>
internal sealed record TestEnd(IReadOnlyList<int> Own, IReadOnlyList<int> LetGo, bool IsAmbiguous);
