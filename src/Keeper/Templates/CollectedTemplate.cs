using System.Globalization;
using SchemaIsolation.Keeper.Postgres;

namespace SchemaIsolation.Keeper.Templates;

/// <param name="Name">A template that was dropped, or would be.</param>
/// <param name="UsedAt">When a session began to use it, as far as that was noted.</param>
/// <param name="Reason">Which limit it was beyond.</param>
internal sealed record CollectedTemplate(DatabaseName Name, DateTimeOffset UsedAt, string Reason)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Name} (last used {UsedAt.UtcDateTime:yyyy-MM-dd HH:mm} UTC, beyond {Reason})");
}
