using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace SchemaIsolation.Keeper.Commands;

/// <summary>The usual help, with a command's examples below it.</summary>
internal sealed class HelpWithExamples(HelpAction usual) : SynchronousCommandLineAction
{
    public override int Invoke(ParseResult parseResult)
    {
        // It calls the program by its file, which nobody types.
        var output = parseResult.InvocationConfiguration.Output;
        var written = new StringWriter();
        parseResult.InvocationConfiguration.Output = written;
        var code = usual.Invoke(parseResult);
        parseResult.InvocationConfiguration.Output = output;
        output.Write(written.ToString().Replace($"  {RootCommand.ExecutableName}", $"  {Tool.Name}", StringComparison.Ordinal));
        if (parseResult.CommandResult.Command is not ToolCommand { Examples.Count: > 0 } command)
            return code;

        output.WriteLine("Examples:");
        var width = command.Examples.Max(example => example.Arguments.Length);
        foreach (var (arguments, purpose) in command.Examples)
            output.WriteLine($"  {Tool.Name} {arguments.PadRight(width)}  {purpose}");
        output.WriteLine();
        return code;
    }
}
