using SchemaIsolation.Bench.Bodies;
using SchemaIsolation.Bench.Runs;

namespace SchemaIsolation.Bench.Reporting;

/// <summary>A scenario, and what each arm took in it.</summary>
internal sealed record ScenarioFigures(int Tables, bool IsDurable, BodyKind Body, int Workers, int Tests, int Rounds, IReadOnlyList<ArmFigures> Arms)
{
    /// <returns>Null when the arm did not take part.</returns>
    public ArmFigures? Find(string arm) => Arms.FirstOrDefault(figures => figures.Arm == arm);
}
