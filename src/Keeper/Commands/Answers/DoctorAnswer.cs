namespace SchemaIsolation.Keeper.Commands.Answers;

/// <param name="IsWell">Whether nothing is wrong.</param>
/// <param name="Checks">What was looked at.</param>
internal sealed record DoctorAnswer(bool IsWell, IReadOnlyList<CheckAnswer> Checks);
