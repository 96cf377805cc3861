using System.Text;

namespace SchemaIsolation.Keeper;

/// <summary>The path of a Unix socket is short by nature.</summary>
internal static class SocketPath
{
    public const int MaxBytes = 103; // macOS; Linux takes 107.

    public static bool Fits(string path) => Encoding.UTF8.GetByteCount(path) <= MaxBytes;
}
