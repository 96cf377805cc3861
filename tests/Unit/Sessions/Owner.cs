using System.IO.Pipes;
using System.Text;
using SchemaIsolation.Keeper.Sessions;

namespace SchemaIsolation.Tests.Unit.Sessions;

/// <summary>The other end of an <see cref="OwnerLink"/>: what the collector is to a keeper.</summary>
internal sealed class Owner : IDisposable
{
    private readonly AnonymousPipeServerStream toKeeper = new(PipeDirection.Out);
    private readonly AnonymousPipeServerStream fromKeeper = new(PipeDirection.In);
    private readonly AnonymousPipeClientStream keeperInput;
    private readonly AnonymousPipeClientStream keeperOutput;
    private readonly StreamReader reader;

    public Owner()
    {
        keeperInput = new AnonymousPipeClientStream(PipeDirection.In, toKeeper.ClientSafePipeHandle);
        keeperOutput = new AnonymousPipeClientStream(PipeDirection.Out, fromKeeper.ClientSafePipeHandle);
        reader = new StreamReader(fromKeeper, Encoding.UTF8);
        Link = new OwnerLink(keeperInput, keeperOutput);
    }

    public OwnerLink Link { get; }

    public void Say(string line) => toKeeper.Write(Encoding.UTF8.GetBytes(line + "\n"));

    public string? Hear() => reader.ReadLine();

    /// <summary>Closes both pipes, as the kernel does for an owner that died.</summary>
    public void Die()
    {
        toKeeper.Dispose();
        fromKeeper.Dispose();
    }

    public void Dispose()
    {
        Die();
        reader.Dispose();
        keeperInput.Dispose();
        keeperOutput.Dispose();
    }
}
