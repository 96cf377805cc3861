using System.Globalization;
using System.Security.Cryptography;

namespace SchemaIsolation.Keeper.Postgres;

/// <summary>What tells sessions apart: the key of a session's lock, and part of the name of every object it makes.</summary>
internal readonly record struct SessionId(uint Key)
{
    public string Text => Key.ToString("x8", CultureInfo.InvariantCulture);

    public static SessionId New() => new(BitConverter.ToUInt32(RandomNumberGenerator.GetBytes(sizeof(uint))));

    /// <param name="text">Eight lower-case hexadecimal digits, as in a <see cref="DatabaseName"/>.</param>
    public static SessionId Parse(string text) => new(uint.Parse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture));

    public override string ToString() => Text;
}
