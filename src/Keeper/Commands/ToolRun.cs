using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using SchemaIsolation.Keeper.Commands.Answers;
using SchemaIsolation.Keeper.Configuration;
using SchemaIsolation.Keeper.Postgres;
using SchemaIsolation.Keeper.Reporting;
using Spectre.Console;

namespace SchemaIsolation.Keeper.Commands;

/// <summary>One run of a command for people: whose configuration, how it answers, and what it may destroy.</summary>
internal sealed class ToolRun
{
    /// <summary>All is well, and what was asked is done.</summary>
    public const int Done = 0;

    /// <summary>Something is not as it should be, or could not be done.</summary>
    public const int Wrong = 1;

    /// <summary>The command line is wrong, or what destroys something was not confirmed.</summary>
    public const int Unusable = 2;

    /// <summary>By Ctrl+C or SIGTERM, as shells say of SIGINT.</summary>
    public const int Interrupted = 130;

    private const string NobodyToAsk = "SI4007";

    // Of a file or a pipe: lines are cut by whoever shows them.
    private const int WidthOfNoTerminal = 1000;

    private readonly ParseResult arguments;

    private ToolRun(ParseResult arguments)
    {
        this.arguments = arguments;
        IsJson = arguments.GetValue(Json);

        // Said to a file, colours are noise; NO_COLOR says so of a terminal, and is heeded without us.
        var isTerminal = !System.Console.IsOutputRedirected;
        Console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = isTerminal ? AnsiSupport.Detect : AnsiSupport.No, ColorSystem = isTerminal ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors });
        if (!isTerminal)
            Console.Profile.Width = WidthOfNoTerminal;
    }

    public static Option<string> Project { get; } = new("--project")
    {
        Description = "The test project, or its directory, whose configuration is used.",
        DefaultValueFactory = _ => Directory.GetCurrentDirectory(),
        Recursive = true,
    };

    static ToolRun() => Project.Validators.Add(result =>
    {
        if (result.Tokens is [{ Value: var path }] && !Path.Exists(path))
            result.AddError($"\"{path}\" does not exist. Name the test project, or its directory.");
    });

    public static Option<bool> Json { get; } = new("--json") { Description = "Answer in JSON, for programs.", Recursive = true };

    /// <summary>Of the commands that destroy something.</summary>
    public static Option<bool> Force { get; } = new("--force", "-f") { Description = "Do not ask before something is destroyed." };

    public bool IsJson { get; }

    public string ProjectDirectory => arguments.GetValue(Project) is var project && File.Exists(project)
        ? Path.GetDirectoryName(Path.GetFullPath(project))!
        : Path.TrimEndingDirectorySeparator(Path.GetFullPath(project!));

    public IAnsiConsole Console { get; }

    public TimeProvider Time { get; } = TimeProvider.System;

    public bool IsTerminal { get; } = !System.Console.IsInputRedirected && !System.Console.IsOutputRedirected;

    /// <summary>What a command does, with an answer to all that can be foreseen to go wrong.</summary>
    public static Func<ParseResult, CancellationToken, Task<int>> Of(Func<ToolRun, CancellationToken, Task<int>> runAsync)
        => async (arguments, cancellationToken) =>
        {
            var run = new ToolRun(arguments);
            try
            {
                return await runAsync(run, cancellationToken);
            }
            catch (Exception exception) when (exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
            {
                // Whatever it is, people and programs are told in the same way.
                var reason = ServerFailure.Find(exception) ?? FileFailure(exception) ?? Defect.Describe(exception);
                await run.RefuseAsync(reason);
                return reason.Code == NobodyToAsk ? Unusable : Wrong;
            }
            catch (OperationCanceledException)
            {
                await System.Console.Error.WriteLineAsync("Interrupted.");
                return Interrupted;
            }
        };

    public bool EndsInDoubleDash => arguments.Tokens is [.., { Type: TokenType.DoubleDash }];

    public T? Get<T>(Option<T> option) => arguments.GetValue(option);

    public T? Get<T>(Argument<T> argument) => arguments.GetValue(argument);

    /// <exception cref="SchemaIsolationException">SI1001, SI1002: the configuration is wrong.</exception>
    public Options ReadOptions() => OptionsReader.Read(ProjectDirectory, configurationXml: null);

    /// <summary>Says on the way what the keeper says in a session: warnings and errors, and the rest to people who want it.</summary>
    public KeeperLog OpenLog(bool isQuiet = false) => new(Time, entry =>
    {
        if (entry.Level != LogLevel.Information)
            System.Console.Error.WriteLine(entry.Message);
        else if (!isQuiet)
            Say(entry.Message);
    });

    public void Say(string line)
    {
        if (!IsJson)
            Console.WriteLine(line);
    }

    /// <summary>Answers people or programs.</summary>
    public void Answer<T>(T answer, JsonTypeInfo<T> type, Action<IAnsiConsole> print)
    {
        if (IsJson)
            System.Console.WriteLine(JsonSerializer.Serialize(answer, type));
        else
            print(Console);
    }

    /// <summary>Asks before something is destroyed.</summary>
    /// <param name="what">What, as the end of a sentence.</param>
    /// <exception cref="SchemaIsolationException">SI4007: nobody can be asked.</exception>
    public async Task<bool> ConfirmAsync(string what, CancellationToken cancellationToken)
    {
        if (arguments.GetValue(Force))
            return true;
        if (!IsTerminal || IsJson)
            throw new SchemaIsolationException(NobodyToAsk, $"This would {what}, and nobody can be asked whether to. Run it with --force (as an MSBuild target, with -p:SchemaIsolationForce=true).");
        return await new ConfirmationPrompt(Markup.Escape($"This will {what}. Go on?")) { DefaultValue = false }.ShowAsync(Console, cancellationToken);
    }

    /// <summary>Shows that something is being done, where somebody looks.</summary>
    /// <param name="what">In a word or two.</param>
    /// <param name="workAsync">What is done; it may say how far it is: how much, and of how much.</param>
    public async Task<T> WorkAsync<T>(string what, Func<Action<int, int>, Task<T>> workAsync)
    {
        if (!IsTerminal || IsJson)
            return await workAsync((_, _) => { });
        return await Console.Progress().AutoClear(true).Columns(new SpinnerColumn(), new TaskDescriptionColumn(), new ProgressBarColumn(), new ElapsedTimeColumn()).StartAsync(progress =>
        {
            var task = progress.AddTask(Markup.Escape(what));
            task.IsIndeterminate = true;
            return workAsync((done, of) =>
            {
                task.IsIndeterminate = false;
                task.MaxValue = of;
                task.Value = done;
            });
        });
    }

    private static SchemaIsolationException? FileFailure(Exception exception)
        => exception is IOException or UnauthorizedAccessException
            ? new SchemaIsolationException("SI4010", $"A file or directory that the command needs could not be read or written: {exception.Message}", exception)
            : null;

    private async Task RefuseAsync(SchemaIsolationException reason)
    {
        await System.Console.Error.WriteLineAsync(reason.Message);
        try
        {
            if (IsJson)
                System.Console.WriteLine(JsonSerializer.Serialize(new RefusalAnswer(reason.Code, reason.Reason), AnswerJson.Readable.RefusalAnswer));
        }
        catch (IOException)
        {
            // It may be what cannot be written that is told of.
        }
    }
}
