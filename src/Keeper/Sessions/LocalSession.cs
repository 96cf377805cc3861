using System.ComponentModel;
using System.Diagnostics;
using SchemaIsolation.Keeper.Postgres;

namespace SchemaIsolation.Keeper.Sessions;

/// <summary>A live session of this user, on this machine.</summary>
/// <param name="Id">The session.</param>
/// <param name="Holder">Its keeper.</param>
internal sealed record LocalSession(SessionId Id, SessionHolder Holder)
{
    public string Describe() => $"session {Id} of {Holder.Project}, process {Holder.Process}";

    /// <summary>Ends the keeper; the server frees its lock then, and what it had is a leftover.</summary>
    public void End()
    {
        try
        {
            using var keeper = Process.GetProcessById(Holder.Process);
            keeper.Kill();
            keeper.WaitForExit();
        }
        catch (Exception exception) when (exception is ArgumentException or InvalidOperationException)
        {
            // It has ended meanwhile.
        }
        catch (Win32Exception exception)
        {
            throw new SchemaIsolationException("SI4009", $"The {Describe()} could not be ended. End it by hand: {exception.Message}", exception);
        }
    }
}
