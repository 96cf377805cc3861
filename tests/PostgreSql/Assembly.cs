using SchemaIsolation.Testing;

[assembly: AssemblyFixture(typeof(TestServer))]
