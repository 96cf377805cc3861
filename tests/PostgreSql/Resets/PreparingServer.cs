using SchemaIsolation.Tests.PostgreSql.Servers;

namespace SchemaIsolation.Tests.PostgreSql.Resets;

/// <summary>A server that prepares transactions, which none does unless it is told to.</summary>
public sealed class PreparingServer() : AlteredServer("alter system set max_prepared_transactions = 2");
