namespace SchemaIsolation.Keeper.Commands.Answers;

/// <param name="IsWell">Whether all checks are.</param>
/// <param name="Checks">What was looked at.</param>
internal sealed record VerifyAnswer(bool IsWell, IReadOnlyList<CheckAnswer> Checks);

/// <param name="Name">What was looked at.</param>
/// <param name="Outcome">"ok", "wrong", or "skipped" where there was nothing to look at.</param>
/// <param name="Detail">What was found, and what to do.</param>
/// <param name="Lines">Of what was found, one by one: differences begin with "-" (gone) or "+" (new).</param>
internal sealed record CheckAnswer(string Name, string Outcome, string Detail, IReadOnlyList<string> Lines)
{
    public const string Ok = "ok";

    public const string Wrong = "wrong";

    public const string Skipped = "skipped";

    public CheckAnswer(string name, bool isWell, string detail)
        : this(name, isWell ? Ok : Wrong, detail, [])
    {
    }
}
