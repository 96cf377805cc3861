namespace SchemaIsolation.Bench.Runs;

/// <param name="Tests">How many tests the session had.</param>
/// <param name="Figures">What they took.</param>
/// <param name="Sweep">Milliseconds from the end of the tests until the session's databases were dropped and counted; null for what has no session.</param>
/// <param name="Left">Databases of the session that the server listed then.</param>
internal sealed record GrowthFigures(int Tests, ArmFigures Figures, double? Sweep, int Left);
