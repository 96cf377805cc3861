namespace Library.Tests;

/// <summary>The classes that share the <see cref="Catalogue"/>. xUnit 2 runs them one after another.</summary>
[CollectionDefinition(nameof(Catalogue))]
public sealed class CatalogueCollection : ICollectionFixture<Catalogue>;
