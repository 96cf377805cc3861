using System.CommandLine;

namespace SchemaIsolation.Keeper.Commands;

/// <summary>A command for people, with examples in its help.</summary>
internal sealed class ToolCommand : Command
{
    public ToolCommand(string name, string description, Func<ToolRun, CancellationToken, Task<int>> runAsync, params (string Arguments, string Purpose)[] examples)
        : base(name, description)
    {
        Examples = examples;
        SetAction(ToolRun.Of(runAsync));
    }

    /// <summary>What follows the program's name, and what it is for.</summary>
    public IReadOnlyList<(string Arguments, string Purpose)> Examples { get; }
}
