using Library.Tests;

[assembly: AssemblyFixture(typeof(Catalogue))]
