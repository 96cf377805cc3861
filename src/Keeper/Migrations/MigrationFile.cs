namespace SchemaIsolation.Keeper.Migrations;

/// <summary>A migration or seed as it was when the session started; later changes of the file do not matter.</summary>
/// <param name="Path">The absolute path.</param>
/// <param name="Name">The path below the folder it was found in, with <c>/</c> on every platform.</param>
/// <param name="Text">The content without a byte order mark; line endings are the file's own.</param>
internal sealed record MigrationFile(string Path, string Name, string Text);
