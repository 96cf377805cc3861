using System.CommandLine;

namespace SchemaIsolation.Keeper.Commands;

/// <summary>Whose configuration a command works with.</summary>
internal static class ProjectOption
{
    public static Option<DirectoryInfo> Create() => new("--project")
    {
        Description = "The test project's directory, whose configuration names the server.",
        DefaultValueFactory = _ => new DirectoryInfo(Directory.GetCurrentDirectory()),
    };
}
