using System.Text;

namespace SchemaIsolation.Keeper.Migrations;

/// <summary>Finds and reads <c>.sql</c> files.</summary>
internal static class SqlFolder
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    // Hidden files are skipped because editors and macOS leave ".#V1__x.sql" and "._V1__x.sql" beside the real ones.
    private static readonly EnumerationOptions Everywhere = new()
    {
        RecurseSubdirectories = true,
        MatchCasing = MatchCasing.CaseInsensitive,
        AttributesToSkip = FileAttributes.Hidden | FileAttributes.System,
        IgnoreInaccessible = false,
    };

    /// <returns>The names of all <c>.sql</c> files below the folder, relative to it, with <c>/</c>, in ordinal order.</returns>
    /// <exception cref="SchemaIsolationException">SI1205: a folder could not be listed.</exception>
    public static IReadOnlyList<string> List(string absoluteFolder)
    {
        try
        {
            return [.. Directory.EnumerateFiles(absoluteFolder, "*.sql", Everywhere)
                .Select(path => Path.GetRelativePath(absoluteFolder, path).Replace(Path.DirectorySeparatorChar, '/'))
                .Order(StringComparer.Ordinal)];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Unreadable("folder", absoluteFolder, exception);
        }
    }

    /// <exception cref="SchemaIsolationException">SI1205: the file cannot be read, or is not UTF-8 text.</exception>
    public static MigrationFile Read(string path, string name)
    {
        try
        {
            var bytes = File.ReadAllBytes(path).AsSpan();
            var text = StrictUtf8.GetString(bytes.StartsWith(Encoding.UTF8.Preamble) ? bytes[Encoding.UTF8.Preamble.Length..] : bytes);

            // Not SQL in any encoding the server accepts, and what UTF-16 without a byte order mark looks like.
            if (text.Contains('\0', StringComparison.Ordinal))
                throw NotText(path, "holds a NUL character", innerException: null);

            return new MigrationFile(path, name, text);
        }
        catch (DecoderFallbackException exception)
        {
            throw NotText(path, "is not UTF-8 text", exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Unreadable("file", path, exception);
        }
    }

    private static SchemaIsolationException NotText(string path, string problem, Exception? innerException)
        => new("SI1205", $"The file \"{path}\" {problem}. Save it as UTF-8, with or without a byte order mark.", innerException);

    private static SchemaIsolationException Unreadable(string kind, string path, Exception exception)
        => new("SI1205", $"The {kind} \"{path}\" could not be read. Give the user who runs the tests the right to read it: {exception.Message}", exception);
}
