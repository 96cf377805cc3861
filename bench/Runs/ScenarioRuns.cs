using SchemaIsolation.Bench.Arms;
using SchemaIsolation.Bench.Servers;

namespace SchemaIsolation.Bench.Runs;

/// <summary>All rounds of a scenario, arm by arm in each round.</summary>
internal static class ScenarioRuns
{
    /// <returns>The runs of each arm, in the order of the arms.</returns>
    public static async Task<IReadOnlyList<ArmFigures>> RunAsync(
        BenchServer server, Scenario scenario, IReadOnlyList<IArm> arms, CancellationToken cancellationToken)
    {
        var able = arms.Where(arm => scenario.Workers == 1 || !arm.IsSerial).ToList();
        var runs = able.ToDictionary(arm => arm, _ => new List<RunFigures>());
        for (var round = 0; round < scenario.Rounds; round++)
        {
            // Another arm goes first in each round, so that none always follows the same.
            foreach (var arm in able.Skip(round % able.Count).Concat(able.Take(round % able.Count)))
                runs[arm].Add(await new ArmRun(server, arm, scenario.Workers).RunAsync(scenario, cancellationToken));
        }

        var floor = runs[able.Single(arm => arm.Name == NoneArm.ArmName)];
        return [.. able.Select(arm => ArmFigures.Compare(arm.Name, runs[arm], floor))];
    }
}
