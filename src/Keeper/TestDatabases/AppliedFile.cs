using System.Security.Cryptography;
using System.Text;
using SchemaIsolation.Keeper.Migrations;

namespace SchemaIsolation.Keeper.TestDatabases;

/// <summary>A migration or seed that was run on a test database.</summary>
/// <param name="Name">The path from the project's directory, with <c>/</c> on every platform: two folders may have a file of the same name.</param>
/// <param name="Hash">Of its text then.</param>
internal sealed record AppliedFile(string Name, string Hash)
{
    private const int HashLength = 16;

    public static AppliedFile Of(MigrationFile file, string projectDirectory)
        => new(NameOf(file, projectDirectory), Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(file.Text))).ToLowerInvariant()[..HashLength]);

    public static string NameOf(MigrationFile file, string projectDirectory) => Path.GetRelativePath(projectDirectory, file.Path).Replace('\\', '/');
}
