using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;

namespace SchemaIsolation.Tests.Unit.Leases;

/// <summary>Says to an endpoint, connection by connection, what no test would.</summary>
internal sealed class HostileClient(string path, string token, int seed) : IDisposable
{
    private const int MostLingering = 100;

    private static readonly string[] Fragments =
        ["null", "true", "-1", "1", "1e999", "99999999999999999999", "\"\"", "\"Schema\"", "\"\\ud800\"", "\"\\u0000\"", "[]", "{}", "[[[1]]]", "{\"a\":{\"a\":1}}", "nonsense", ""];

    private readonly Random random = new(seed);
    private readonly Queue<Socket> lingering = new();

    public int Frames { get; private set; }

    /// <summary>Opens one connection and sends one or more frames on it.</summary>
    public void Attack()
    {
        var connection = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified) { ReceiveTimeout = 30_000 };
        try
        {
            connection.Connect(new UnixDomainSocketEndPoint(path));
            if (Speak(connection))
                connection.Dispose();
            else
                Linger(connection);
        }
        catch (SocketException)
        {
            // It was hung up on while it spoke.
            connection.Dispose();
        }
    }

    public void Dispose()
    {
        foreach (var connection in lingering)
            connection.Dispose();
    }

    /// <returns>Whether it has said all that it wants to.</returns>
    private bool Speak(Socket connection)
    {
        switch (random.Next(17))
        {
            case 0:
                Send(connection, RandomBytes(random.Next(1, 200)));
                return true;
            case 1:
                Send(connection, Frame(random.Next(2) == 0 ? random.Next(int.MinValue, 1) : random.Next(65_537, int.MaxValue), []));
                return Hear(connection);
            case 2:
                Send(connection, Frame(random.Next(100, 65_537), RandomBytes(random.Next(100))));
                connection.Shutdown(SocketShutdown.Send);
                return Hear(connection);
            case 3:
                Send(connection, Text(Fragments[random.Next(Fragments.Length)]));
                return Hear(connection);
            case 4 or 5:
                Send(connection, Text(WrongTypes()));
                return Hear(connection);
            case 6:
                Send(connection, Text(string.Concat(Enumerable.Repeat(random.Next(2) == 0 ? "[" : "{\"test\":", random.Next(60, 8000)))));
                return Hear(connection);
            case 7:
                Send(connection, Request(random.Next(2) == 0 ? token[1..] : Convert.ToHexString(RandomBytes(16)), "T"));
                return Hear(connection);
            case 8:
                Send(connection, Release());
                return Hear(connection);
            case 9:
                Send(connection, [.. Request(token, "two"), .. Request(token, "requests")]);
                return Hear(connection);
            case 10:
                Send(connection, Request(token, "bytes after the release"));
                Hear(connection);
                Send(connection, [.. Release(), .. RandomBytes(50)]);
                return true;
            case 11:
                Send(connection, [.. Request(token, "released before it was granted"), .. Release()]);
                return random.Next(2) == 0 || Hear(connection);
            case 12:
                Send(connection, Request(token, "dies while it waits"));
                return true;
            case 13:
                Send(connection, Request(token, new string('ü', random.Next(400, 10_000))));
                return Hear(connection);
            case 14:
                Send(connection, [.. Frame(40, []), .. RandomBytes(random.Next(40))]);
                return random.Next(4) != 0;
            case 15:
                Send(connection, [.. Request(token, "dirty"), .. Text($"{{\"dirtiedBy\":{Fragments[random.Next(Fragments.Length)]}}}")]);
                return Hear(connection);
            default:
                Frames++;
                return random.Next(4) != 0;
        }
    }

    private void Linger(Socket connection)
    {
        lingering.Enqueue(connection);
        if (lingering.Count > MostLingering)
            lingering.Dequeue().Dispose();
    }

    private void Send(Socket connection, byte[] bytes)
    {
        Frames++;
        connection.Send(bytes);
    }

    /// <summary>Waits for an answer, whatever it is.</summary>
    private static bool Hear(Socket connection)
    {
        Span<byte> answer = stackalloc byte[4096];
        connection.Receive(answer);
        return true;
    }

    private string WrongTypes()
        => "{" + string.Join(',', new[] { "protocol", "token", "kind", "content", "test", "protocol" }
            .Where(_ => random.Next(8) != 0)
            .Select(name => $"\"{name}\":{(name == "token" && random.Next(2) == 0 ? $"\"{token}\"" : Fragments[random.Next(Fragments.Length)])}")) + "}";

    private byte[] RandomBytes(int count)
    {
        var bytes = new byte[count];
        random.NextBytes(bytes);
        return bytes;
    }

    private static byte[] Request(string token, string test) => Text($$"""{"protocol":1,"token":"{{token}}","kind":"Schema","content":"Empty","test":"{{test}}"}""");

    private static byte[] Text(string text) => Frame(Encoding.UTF8.GetByteCount(text), Encoding.UTF8.GetBytes(text));

    private static byte[] Release() => Frame(0, []);

    private static byte[] Frame(int length, byte[] content)
    {
        var header = new byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(header, length);
        return [.. header, .. content];
    }
}
