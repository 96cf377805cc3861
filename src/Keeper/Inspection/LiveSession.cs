using SchemaIsolation.Keeper.Postgres;

namespace SchemaIsolation.Keeper.Inspection;

/// <param name="Id">The session.</param>
/// <param name="Holder">Whose it is; null when the server does not say.</param>
/// <param name="Since">Since when it is connected; null when the server does not say.</param>
/// <param name="IsOfOurRole">Whether it works as the role that asks.</param>
/// <param name="Work">Who is connected to its slots now.</param>
internal sealed record LiveSession(SessionId Id, SessionHolder? Holder, DateTimeOffset? Since, bool IsOfOurRole, IReadOnlyList<SlotWork> Work)
{
    /// <summary>Whether its keeper is a process of this user on this machine.</summary>
    public bool IsHere => Holder is not null && SessionHolder.Current(string.Empty) is var own && (Holder.Host, Holder.Mark) == (own.Host, own.Mark);
}
