using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace SchemaIsolation.Wire;

/// <summary>A message on a lease's connection: four bytes of length, little-endian, then that many bytes of JSON.</summary>
/// <remarks>An empty frame is the release of a clean lease. A connection that ends without a release is a test process that died.</remarks>
internal static class Frame
{
    public const int MaxLength = 64 * 1024;

    private const int HeaderLength = sizeof(int);

    public static async Task WriteAsync<T>(Socket connection, T message, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(message, type);
        if (json.Length > MaxLength)
            throw new InvalidDataException($"A frame of {json.Length} bytes is longer than the limit of {MaxLength}.");

        var frame = new byte[HeaderLength + json.Length];
        BinaryPrimitives.WriteInt32LittleEndian(frame, json.Length);
        json.CopyTo(frame, HeaderLength);
        await SendAllAsync(connection, frame, cancellationToken).ConfigureAwait(false);
    }

    public static Task WriteReleaseAsync(Socket connection, LeaseRelease release)
        => release == LeaseRelease.Clean
            ? SendAllAsync(connection, new byte[HeaderLength], CancellationToken.None)
            : WriteAsync(connection, release, WireJson.Default.LeaseRelease, CancellationToken.None);

    /// <returns>The message, or null when the other side closed the connection before or within it.</returns>
    /// <exception cref="InvalidDataException">The length is outside 1 to <see cref="MaxLength"/>.</exception>
    /// <exception cref="JsonException">The frame does not hold the message.</exception>
    public static async Task<T?> ReadAsync<T>(Socket connection, JsonTypeInfo<T> type, CancellationToken cancellationToken)
        where T : class
    {
        var length = await ReadLengthAsync(connection, cancellationToken).ConfigureAwait(false);
        return length is null ? null : await ReadContentAsync(connection, length.Value, type, cancellationToken).ConfigureAwait(false);
    }

    /// <returns>How the other side released; null when it closed the connection or sent anything else.</returns>
    public static async Task<LeaseRelease?> ReadReleaseAsync(Socket connection, CancellationToken cancellationToken)
    {
        var length = await ReadLengthAsync(connection, cancellationToken).ConfigureAwait(false);
        if (length is null or 0)
            return length is null ? null : LeaseRelease.Clean;

        try
        {
            var release = await ReadContentAsync(connection, length.Value, WireJson.Default.LeaseRelease, cancellationToken).ConfigureAwait(false);
            return release == LeaseRelease.Clean ? null : release;
        }
        catch (Exception exception) when (exception is InvalidDataException or JsonException)
        {
            return null;
        }
    }

    private static async Task<T?> ReadContentAsync<T>(Socket connection, int length, JsonTypeInfo<T> type, CancellationToken cancellationToken)
        where T : class
    {
        if (length is <= 0 or > MaxLength)
            throw new InvalidDataException($"A frame length of {length} is outside 1 to {MaxLength}.");

        var json = new byte[length];
        return await FillAsync(connection, json, cancellationToken).ConfigureAwait(false) ? JsonSerializer.Deserialize(json, type) : null;
    }

    private static async Task<int?> ReadLengthAsync(Socket connection, CancellationToken cancellationToken)
    {
        var header = new byte[HeaderLength];
        return await FillAsync(connection, header, cancellationToken).ConfigureAwait(false)
            ? BinaryPrimitives.ReadInt32LittleEndian(header)
            : null;
    }

    private static async Task<bool> FillAsync(Socket connection, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        while (!buffer.IsEmpty)
        {
            var count = await connection.ReceiveAsync(buffer, cancellationToken).ConfigureAwait(false);
            if (count == 0)
                return false;
            buffer = buffer[count..];
        }

        return true;
    }

    private static async Task SendAllAsync(Socket connection, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        while (!bytes.IsEmpty)
            bytes = bytes[await connection.SendAsync(bytes, cancellationToken).ConfigureAwait(false)..];
    }
}
