using System.Globalization;

namespace SchemaIsolation.Bench.Servers;

/// <summary>The processor time of the server: of its first process, of the children that have ended, and of those alive.</summary>
internal sealed class ServerProcessor(int postmaster)
{
    // Linux counts in hundredths of a second wherever .NET runs.
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(10);

    // Of the fields behind the program's name, which may hold spaces: the parent, and user and system time, own and of waited-for children.
    private const int Parent = 1;
    private const int UserTime = 11;
    private const int SystemTime = 12;
    private const int ChildrensUserTime = 13;
    private const int ChildrensSystemTime = 14;

    /// <returns>Null where the system does not tell.</returns>
    public TimeSpan? Read()
    {
        if (!OperatingSystem.IsLinux() || TryReadFields(postmaster) is not { } first)
            return null;

        var ticks = Sum(first, UserTime, SystemTime, ChildrensUserTime, ChildrensSystemTime);
        foreach (var directory in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(directory), out var process)
                && TryReadFields(process) is { } fields
                && int.Parse(fields[Parent], CultureInfo.InvariantCulture) == postmaster)
                ticks += Sum(fields, UserTime, SystemTime);
        }

        return ticks * Tick;
    }

    private static long Sum(string[] fields, params ReadOnlySpan<int> indexes)
    {
        var sum = 0L;
        foreach (var index in indexes)
            sum += long.Parse(fields[index], CultureInfo.InvariantCulture);
        return sum;
    }

    private static string[]? TryReadFields(int process)
    {
        try
        {
            var text = File.ReadAllText($"/proc/{process}/stat");
            return text[(text.LastIndexOf(')') + 2)..].Split(' ');
        }
        catch (IOException)
        {
            // It has ended; its time has become its parent's.
            return null;
        }
    }
}
