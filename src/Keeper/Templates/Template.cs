using SchemaIsolation.Keeper.Migrations;
using SchemaIsolation.Keeper.Postgres;

namespace SchemaIsolation.Keeper.Templates;

/// <summary>A published template that nobody drops while this is alive.</summary>
/// <param name="name">The database to copy.</param>
/// <param name="kind">What it holds.</param>
/// <param name="use">The lock that says it is in use.</param>
internal sealed class Template(DatabaseName name, TemplateKind kind, AdvisoryLock use) : IAsyncDisposable
{
    public DatabaseName Name => name;

    public TemplateKind Kind => kind;

    /// <summary>What a copy does not get by itself.</summary>
    public required DatabaseSettings Settings { get; init; }

    /// <summary>How it is copied fastest; null when that was not measured.</summary>
    public required CloneStrategy? Strategy { get; init; }

    /// <summary>Whether it was there already.</summary>
    public bool IsReused => Migrations is null;

    /// <summary>How long each file took, once for each time that it was run, those of its parents that were built for it first; null when it was there already.</summary>
    public required IReadOnlyList<MigrationTiming>? Migrations { get; init; }

    /// <summary>What it took to find or build it, waiting for another session's building included.</summary>
    public required TimeSpan Elapsed { get; init; }

    public ValueTask DisposeAsync() => use.DisposeAsync();
}
