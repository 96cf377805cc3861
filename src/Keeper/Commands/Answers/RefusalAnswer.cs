namespace SchemaIsolation.Keeper.Commands.Answers;

/// <param name="Code">Of the error.</param>
/// <param name="Reason">What happened, and what to do.</param>
internal sealed record RefusalAnswer(string Code, string Reason);
