using System;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;

namespace SchemaIsolation.Collector;

/// <summary>How the keeper is launched: the place where the platforms differ. Windows is untested.</summary>
internal static class KeeperStartInfo
{
    // The keeper must outlive everything that can kill us, and nobody may wait for it:
    // - INT, HUP, QUIT and TERM stay ignored across exec, so a Ctrl+C to the whole group does not reach it;
    // - it runs in the background of a shell that exits at once, so no process tree that is killed by parent id contains it;
    // - a session of its own, where the utility exists, keeps terminals away;
    // - our own standard streams are never inherited: "dotnet test" waits for whoever holds them. The pipes that .NET made for
    //   the shell are the keeper's input (the life line) and output.
    private const string Script =
        "trap '' INT HUP QUIT TERM; exec 3<&0 4>&1 0</dev/null 1>/dev/null 2>/dev/null; "
        + "if command -v setsid >/dev/null; then set -- setsid \"$@\"; fi; "
        + "\"$@\" <&3 >&4 3<&- 4>&- &";

    public static ProcessStartInfo Create()
    {
        var keeper = FindKeeper();
        var isWindows = RuntimeInformation.IsOSPlatform(OSPlatform.Windows);
        var arguments = $"{Quote(FindDotnet(isWindows))} exec {Quote(keeper)} session";
        var (fileName, commandLine) = isWindows
            ? (FindDotnet(isWindows), $"exec {Quote(keeper)} session")
            : ("/bin/sh", $"-c {Quote(Script)} sh {arguments}");
        return new ProcessStartInfo(fileName, commandLine)
        {
            UseShellExecute = false,
            CreateNoWindow = true,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
    }

    private static string FindKeeper()
    {
        const string File = "SchemaIsolation.Keeper.dll";
        var own = Path.GetDirectoryName(typeof(KeeperStartInfo).Assembly.Location)!;

        // Beside published tests, else in the package.
        var published = Path.Combine(own, "schema-isolation");
        var directory = Directory.Exists(published) ? published : Path.GetFullPath(Path.Combine(own, "..", "..", "keeper"));
        var system = RuntimeInformation.IsOSPlatform(OSPlatform.Windows) ? "win" : RuntimeInformation.IsOSPlatform(OSPlatform.OSX) ? "osx" : "linux";
        var platform = $"{system}-{RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant()}";

        // Compiled ahead, it starts sooner. Under an emulation the "dotnet" that runs it may be of either kind: the portable one runs everywhere.
        var isCertain = RuntimeInformation.ProcessArchitecture == RuntimeInformation.OSArchitecture;
        return new[] { Path.Combine(directory, isCertain ? platform : string.Empty, File), Path.Combine(directory, File) }.FirstOrDefault(System.IO.File.Exists)
            ?? throw new FileNotFoundException($"The package has no keeper in \"{directory}\".");
    }

    private static string FindDotnet(bool isWindows)
    {
        var name = isWindows ? "dotnet.exe" : "dotnet";
        if (Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") is { Length: > 0 } host)
            return host;

        using var self = Process.GetCurrentProcess();
        if (self.MainModule?.FileName is { } fileName && string.Equals(Path.GetFileName(fileName), name, StringComparison.OrdinalIgnoreCase))
            return fileName;

        return Environment.GetEnvironmentVariable("DOTNET_ROOT") is { Length: > 0 } root ? Path.Combine(root, name) : name;
    }

    // The only quoting that .NET Standard's single argument string knows, on every platform.
    private static string Quote(string argument) => "\"" + argument.Replace("\"", "\\\"") + "\"";
}
