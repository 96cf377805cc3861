using SchemaIsolation.Bench.Arms;
using SchemaIsolation.Bench.Bodies;
using SchemaIsolation.Bench.Runs;
using SchemaIsolation.Bench.Sessions;
using SchemaIsolation.Keeper.Configuration;

namespace SchemaIsolation.Bench.Reporting;

/// <summary>The bars, as far as the run has measured what they are about.</summary>
/// <remarks>Overhead here is the difference of whole times by test, which also has what goes on beside the tests in it.</remarks>
internal static class Bars
{
    private const int SweptLeases = 1000;
    private const int FewTests = 100;
    private const int ManyTests = 5000;

    public static IEnumerable<Bar> Of(
        IReadOnlyList<ScenarioFigures> scenarios, IReadOnlyList<GrowthFigures> growth, IReadOnlyList<SessionCost> sessions)
    {
        var undurable = scenarios.Where(scenario => !scenario.IsDurable).ToList();
        return undurable.SelectMany(OfScenario).Concat(Modes.All.SelectMany(reuse => OfGrowth(LeaseArm.NameOf(reuse), growth))).Concat(OfSessions(sessions));
    }

    private static IEnumerable<Bar> OfScenario(ScenarioFigures scenario) => (scenario.Tables, scenario.Body) switch
    {
        (13, BodyKind.Usual) => OfUsual(scenario),
        (13, BodyKind.Light) => OfLight(scenario),
        (13, BodyKind.Reads) => OfReads(scenario),
        (100, BodyKind.Light) => OfManyTables(scenario),
        _ => [],
    };

    private static IEnumerable<Bar> OfUsual(ScenarioFigures scenario)
    {
        if (scenario.Workers > 1 && scenario.Find(LeaseArm.NameOf(Reuse.Warm)) is { } warm)
            yield return new Bar($"{warm.Arm}: whole time ÷ none, usual body, workers: {scenario.Workers}", warm.ToNone, 1.25);
    }

    private static IEnumerable<Bar> OfLight(ScenarioFigures scenario)
    {
        var where = $"light body, workers: {scenario.Workers}";
        var clone = scenario.Find(CloneArm.ArmName)!;
        foreach (var reuse in Modes.All)
        {
            var ours = scenario.Find(LeaseArm.NameOf(reuse))!;
            if (reuse == Reuse.Warm)
                yield return new Bar($"{ours.Arm}: whole time ÷ none, {where}", ours.ToNone, scenario.Workers == 1 ? 2.0 : 3.0);
            yield return new Bar($"{ours.Arm}: overhead ÷ {clone.Arm}, {where}", ours.MeanOverhead / clone.MeanOverhead, reuse == Reuse.Warm ? 0.10 : 0.20);
        }

        var standard = scenario.Find(LeaseArm.NameOf(Modes.Default))!;
        yield return new Bar($"{standard.Arm} (default): tests a second ÷ {clone.Arm}, {where}", clone.Whole / standard.Whole, 3, IsFloor: true);
    }

    private static IEnumerable<Bar> OfReads(ScenarioFigures scenario)
    {
        if (scenario.Workers > 1 || scenario.Find(LeaseArm.NameOf(Reuse.Warm)) is not { } warm)
            yield break;

        yield return new Bar($"{warm.Arm}: overhead of a test that only reads, ms", warm.MeanOverhead, 1);
        yield return new Bar($"{warm.Arm}: lease from a ready pool, median ms", warm.Lease.Median, 0.3);
        yield return new Bar($"{warm.Arm}: lease from a ready pool, p95 ms", warm.Lease.P95, 2);
    }

    private static IEnumerable<Bar> OfManyTables(ScenarioFigures scenario)
    {
        var migrations = scenario.Find(MigrationsArm.ArmName)!;
        return Modes.All.Select(reuse => scenario.Find(LeaseArm.NameOf(reuse))!).Select(ours => new Bar(
            $"{ours.Arm}: overhead ÷ {migrations.Arm}, 100 tables, workers: {scenario.Workers}", ours.MeanOverhead / migrations.MeanOverhead, 0.10));
    }

    private static IEnumerable<Bar> OfGrowth(string arm, IReadOnlyList<GrowthFigures> growth)
    {
        var ofArm = growth.Where(figures => figures.Figures.Arm == arm).ToDictionary(figures => figures.Tests);
        if (ofArm.TryGetValue(SweptLeases, out var swept))
            yield return new Bar($"{arm}: end of a session that used {SweptLeases} leases, s", swept.Sweep!.Value / 1000, 0.5);
        if (ofArm.TryGetValue(FewTests, out var few) && ofArm.TryGetValue(ManyTests, out var many))
            yield return new Bar($"{arm}: overhead by test of {ManyTests} tests ÷ {FewTests} tests", many.Figures.MeanOverhead / few.Figures.MeanOverhead, 1.1);
    }

    private static IEnumerable<Bar> OfSessions(IReadOnlyList<SessionCost> sessions)
        => sessions
            .Where(session => session.Way == DotnetTest.WithLease)
            .Select(ours => new Bar("whole dotnet test with ours and one lease ÷ empty collector", ours.ToEmptyCollector, 1.10));
}
