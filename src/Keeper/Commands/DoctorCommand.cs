using System.CommandLine;
using SchemaIsolation.Keeper.Commands.Answers;

namespace SchemaIsolation.Keeper.Commands;

/// <summary>Looks for all that a newcomer trips over, and says what to do.</summary>
internal static class DoctorCommand
{
    public static Command Create() => new ToolCommand(
        "doctor",
        "Checks what usually goes wrong: the SDK, the package, the runner, IDE settings, the server and its settings. Says what to do for each.",
        RunAsync,
        ("doctor", "when leases are refused, or nothing seems to happen"));

    private static async Task<int> RunAsync(ToolRun run, CancellationToken cancellationToken)
    {
        var checks = await new Examination(run).RunAsync(cancellationToken);
        var answer = new DoctorAnswer(checks.All(check => check.Outcome != CheckAnswer.Wrong), checks);
        run.Answer(answer, AnswerJson.Readable.DoctorAnswer, console => VerifyCommand.Print(console, checks));
        return answer.IsWell ? ToolRun.Done : ToolRun.Wrong;
    }
}
