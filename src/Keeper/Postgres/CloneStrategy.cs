namespace SchemaIsolation.Keeper.Postgres;

/// <summary>How CREATE DATABASE copies another one.</summary>
internal enum CloneStrategy
{
    /// <summary>Page by page, through the log.</summary>
    WalLog,

    /// <summary>File by file, between two checkpoints.</summary>
    FileCopy,

    /// <summary>File by file, by the file system, which may share the blocks.</summary>
    FileClone,
}
