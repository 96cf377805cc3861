using System.Security.Cryptography;

namespace SchemaIsolation.Transactions;

/// <summary>A point of a transaction, as the statements that set it, go back to it, and forget it.</summary>
internal sealed class Savepoint
{
    private const int NameBytes = 8;

    // Random, so that no transaction but the one it was set in has a savepoint of that name.
    private readonly string name = $"si_{Convert.ToHexString(RandomNumberGenerator.GetBytes(NameBytes)).ToLowerInvariant()}";

    public string Set => $"savepoint {name}";

    /// <summary>It is still there afterwards, even in a transaction that a statement has failed.</summary>
    public string RollBack => $"rollback to savepoint {name}";

    /// <summary>Forgets also those set after it.</summary>
    public string Release => $"release savepoint {name}";
}
