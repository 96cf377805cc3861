namespace SchemaIsolation.Keeper.Commands.Answers;

/// <param name="IsDryRun">Whether nothing was dropped.</param>
/// <param name="Server">Where.</param>
/// <param name="Leftovers">Of dead sessions.</param>
/// <param name="Schemas">That Sweep rules name and that would be dropped; empty when it is no dry run.</param>
/// <param name="Templates">That nobody has used for long, or that were too many, in words.</param>
/// <param name="Directories">Of dead sessions on this machine.</param>
/// <param name="Ended">Live sessions of this user that were ended, in words.</param>
/// <param name="Failures">What could not be done, and why.</param>
/// <param name="Kept">Of failed tests, whose time is not over.</param>
/// <param name="Left">How many leftovers there are still.</param>
internal sealed record SweepAnswer(
    bool IsDryRun,
    string Server,
    IReadOnlyList<LeftoverAnswer> Leftovers,
    IReadOnlyList<string> Schemas,
    IReadOnlyList<string> Templates,
    IReadOnlyList<string> Directories,
    IReadOnlyList<string> Ended,
    IReadOnlyList<string> Failures,
    IReadOnlyList<KeptAnswer> Kept,
    int Left);
