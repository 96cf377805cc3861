namespace SchemaIsolation.Keeper.Commands.Answers;

/// <param name="Server">Where it was measured.</param>
/// <param name="Steps">What was measured.</param>
internal sealed record BenchAnswer(string Server, IReadOnlyList<BenchStepAnswer> Steps);

/// <param name="Name">What was done, again and again.</param>
/// <param name="Times">How often.</param>
/// <param name="Median">Milliseconds of one.</param>
/// <param name="Slowest">Milliseconds of the slowest.</param>
internal sealed record BenchStepAnswer(string Name, int Times, double Median, double Slowest);
