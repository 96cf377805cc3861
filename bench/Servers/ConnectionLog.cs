namespace SchemaIsolation.Bench.Servers;

/// <summary>Counts the connections that were opened to the server, whoever opened them, by its log.</summary>
/// <remarks>The server's own counts by database go with the database.</remarks>
internal sealed class ConnectionLog(string file)
{
    private long read;
    private int count;

    /// <returns>Since the server started to log them.</returns>
    public async Task<int> CountAsync(CancellationToken cancellationToken)
    {
        await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        stream.Position = read;
        using var reader = new StreamReader(stream);
        while (await reader.ReadLineAsync(cancellationToken) is { } line)
        {
            if (line.Contains("connection authorized:", StringComparison.Ordinal))
                count++;
        }

        // The log is only read while the server is quiet: there is no half line at its end.
        read = stream.Position;
        return count;
    }
}
