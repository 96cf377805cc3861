using System.Collections.Concurrent;

namespace SchemaIsolation.Keeper.Leases;

/// <summary>How the tests ended that leases are called after.</summary>
internal sealed class TestOutcomes
{
    private readonly ConcurrentDictionary<string, string?> outcomes = new(StringComparer.Ordinal);

    /// <param name="test">The test.</param>
    /// <param name="outcome">As VSTest calls it.</param>
    public void Add(TestCaseName test, string outcome)
    {
        foreach (var lease in test.Leases)
            outcomes.AddOrUpdate(lease, outcome, (_, former) => former == outcome ? outcome : null);
    }

    /// <returns>Null of a lease that is called like no test, or like several, such as rows of a theory, that did not all end so.</returns>
    public string? Of(string lease) => outcomes.GetValueOrDefault(lease);
}
