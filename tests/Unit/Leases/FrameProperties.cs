using System.Net.Sockets;
using FsCheck;
using SchemaIsolation.Wire;

namespace SchemaIsolation.Tests.Unit.Leases;

public sealed class FrameProperties
{
    [Fact]
    public void A_request_of_any_text_reads_as_it_was_written()
    {
        Prop.ForAll<string, string>((token, test) => TellsTheSame(new LeaseRequest(1, Whole(token), LeaseKind.Schema, LeaseContent.Empty, Whole(test))))
            .QuickCheckThrowOnFailure();
    }

    [Fact]
    public void A_grant_of_any_text_in_any_pieces_reads_as_it_was_written()
    {
        Prop.ForAll<string, string, PositiveInt>((name, connectionString, piece) =>
                TellsTheSame(new LeaseReply(new LeaseGrant(Whole(name), "db", Whole(connectionString), "/tmp"), null), piece.Get))
            .QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Any_bytes_are_a_frame_or_refused_as_none()
    {
        Prop.ForAll<byte[]>(bytes => IsAnsweredAsync(bytes ?? []).GetAwaiter().GetResult()).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void A_test_name_of_any_text_is_cut_to_whole_characters()
    {
        var names = Arb.From(Gen.ListOf(700, Gen.Elements("x", "ü", "😀", "\n", "\"")).Select(string.Concat));

        Prop.ForAll(names, name => TestName.Cut(name) is { Length: >= 499 and <= 500 } cut && name.StartsWith(cut, StringComparison.Ordinal) && cut == Whole(cut))
            .QuickCheckThrowOnFailure();
    }

    private static bool TellsTheSame(LeaseRequest request)
        => RoundTripAsync(
            connection => Frame.WriteAsync(connection, request, WireJson.Default.LeaseRequest, CancellationToken.None),
            connection => Frame.ReadAsync(connection, WireJson.Default.LeaseRequest, CancellationToken.None)).GetAwaiter().GetResult() == request;

    private static bool TellsTheSame(LeaseReply reply, int piece)
        => RoundTripAsync(
            connection => Frame.WriteAsync(connection, reply, WireJson.Default.LeaseReply, CancellationToken.None),
            connection => Frame.ReadAsync(connection, WireJson.Default.LeaseReply, CancellationToken.None),
            piece).GetAwaiter().GetResult() == reply;

    private static async Task<bool> IsAnsweredAsync(byte[] bytes)
    {
        try
        {
            await RoundTripAsync(
                async connection => await connection.SendAsync(bytes),
                connection => Frame.ReadAsync(connection, WireJson.Default.LeaseRequest, CancellationToken.None));
            return true;
        }
        catch (Exception exception) when (exception is InvalidDataException or System.Text.Json.JsonException)
        {
            return true;
        }
    }

    private static async Task<T> RoundTripAsync<T>(Func<Socket, Task> writeAsync, Func<Socket, Task<T>> readAsync, int sendBuffer = 4096)
    {
        using var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        var path = Path.Join(Path.GetTempPath(), $"si-{Guid.NewGuid():N}");
        listener.Bind(new UnixDomainSocketEndPoint(path));
        listener.Listen();
        using var writer = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified) { SendBufferSize = sendBuffer };
        await writer.ConnectAsync(new UnixDomainSocketEndPoint(path));
        using var reader = await listener.AcceptAsync();
        File.Delete(path);
        var reading = readAsync(reader);
        await writeAsync(writer);
        writer.Shutdown(SocketShutdown.Send);
        return await reading.WaitAsync(TimeSpan.FromSeconds(30));
    }

    // Half a character is no text, and JSON has no way to say it.
    private static string Whole(string? text) => string.Concat((text ?? string.Empty).EnumerateRunes());
}
