using System.Globalization;

namespace SchemaIsolation.Bench.Sessions;

/// <summary>The processor time of the processes that this one has started and that have ended, with their own such processes.</summary>
internal static class ChildrensProcessor
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(10);

    /// <returns>Null where the system does not tell.</returns>
    public static TimeSpan? Read()
    {
        if (!OperatingSystem.IsLinux())
            return null;

        // As in ServerProcessor: the fields behind the program's name.
        var text = File.ReadAllText("/proc/self/stat");
        var fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
        return (long.Parse(fields[13], CultureInfo.InvariantCulture) + long.Parse(fields[14], CultureInfo.InvariantCulture)) * Tick;
    }
}
