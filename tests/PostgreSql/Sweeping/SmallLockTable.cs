using SchemaIsolation.Tests.PostgreSql.Servers;

namespace SchemaIsolation.Tests.PostgreSql.Sweeping;

/// <summary>A server whose lock table is as small as PostgreSQL lets it be: room for some hundred locks.</summary>
public sealed class SmallLockTable()
    : AlteredServer("alter system set max_connections = 20", "alter system set max_locks_per_transaction = 10", "create database app_test");
