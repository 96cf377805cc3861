using SchemaIsolation.Bench.Bodies;
using SchemaIsolation.Bench.Suites;

namespace SchemaIsolation.Bench.Runs;

/// <summary>What all arms are compared on: a cell of the plan.</summary>
/// <param name="Suite">The tables.</param>
/// <param name="IsDurable">Whether the server is.</param>
/// <param name="Body">What the tests do.</param>
/// <param name="Workers">How many tests run at once.</param>
/// <param name="Tests">How many there are.</param>
/// <param name="Rounds">How often each arm runs them.</param>
internal sealed record Scenario(Suite Suite, bool IsDurable, BodyKind Body, int Workers, int Tests, int Rounds);
