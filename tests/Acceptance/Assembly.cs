using SchemaIsolation.Testing;
using SchemaIsolation.Tests.Acceptance;

[assembly: AssemblyFixture(typeof(TestServer))]
[assembly: AssemblyFixture(typeof(BuiltSuites))]
