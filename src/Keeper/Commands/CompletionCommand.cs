using System.CommandLine;

namespace SchemaIsolation.Keeper.Commands;

/// <summary>Prints what makes a shell complete the tool's commands and options: it asks the tool itself, so it is never out of date.</summary>
internal static class CompletionCommand
{
    private const string Bash =
        """
        _schema_isolation() {
          local IFS=$'\n'
          COMPREPLY=($(compgen -W "$(schema-isolation "[suggest:$COMP_POINT]" "$COMP_LINE" 2>/dev/null)" -- "${COMP_WORDS[COMP_CWORD]}"))
        }
        complete -o default -F _schema_isolation schema-isolation
        """;

    private const string Zsh =
        """
        #compdef schema-isolation
        _schema_isolation() {
          compadd -- ${(f)"$(schema-isolation "[suggest:$CURSOR]" "$BUFFER" 2>/dev/null)"}
        }
        compdef _schema_isolation schema-isolation
        """;

    private const string Fish =
        """
        complete -c schema-isolation -a '(schema-isolation "[suggest:"(string length -- (commandline -cp))"]" (commandline -cp) 2>/dev/null)'
        """;

    private const string PowerShell =
        """
        Register-ArgumentCompleter -Native -CommandName schema-isolation -ScriptBlock {
          param($word, $ast, $position)
          schema-isolation "[suggest:$position]" "$ast" 2>$null | Where-Object { $_ -like "$word*" } |
            ForEach-Object { [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_) }
        }
        """;

    private static readonly Argument<string> Shell = new("shell") { Description = "bash, zsh, fish or pwsh." };

    static CompletionCommand() => Shell.AcceptOnlyFromAmong("bash", "zsh", "fish", "pwsh");

    public static Command Create() => new ToolCommand(
        "completion",
        "Prints a script that has a shell complete commands and options.",
        RunAsync,
        ("completion bash >> ~/.bashrc", "for bash"),
        ("completion zsh > \"${fpath[1]}/_schema-isolation\"", "for zsh"),
        ("completion fish > ~/.config/fish/completions/schema-isolation.fish", "for fish"),
        ("completion pwsh >> $PROFILE", "for PowerShell"))
    {
        Shell,
    };

    private static Task<int> RunAsync(ToolRun run, CancellationToken cancellationToken)
    {
        Console.WriteLine(run.Get(Shell) switch { "bash" => Bash, "zsh" => Zsh, "fish" => Fish, _ => PowerShell });
        return Task.FromResult(ToolRun.Done);
    }
}
