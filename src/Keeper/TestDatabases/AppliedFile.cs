using System.Security.Cryptography;
using System.Text;
using SchemaIsolation.Keeper.Migrations;

namespace SchemaIsolation.Keeper.TestDatabases;

/// <summary>A migration or seed that was run on a test database.</summary>
/// <param name="Name">The path below its folder.</param>
/// <param name="Hash">Of its text then.</param>
internal sealed record AppliedFile(string Name, string Hash)
{
    private const int HashLength = 16;

    public static AppliedFile Of(MigrationFile file)
        => new(file.Name, Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(file.Text))).ToLowerInvariant()[..HashLength]);
}
