using SchemaIsolation.Keeper.Configuration;
using SchemaIsolation.Keeper.Sessions;

namespace SchemaIsolation.Tests.Unit.Sessions;

public sealed class ConnectionBudgetTests
{
    [Theory]
    [InlineData(500, 64, "Fenced", 64, 6)]
    [InlineData(500, 4, "Fenced", 4, 20)]
    [InlineData(100, 64, "Fenced", 17, 4)]
    [InlineData(100, 64, "Warm", 8, 4)]
    [InlineData(50, 64, "Fenced", 7, 4)]
    [InlineData(50, 64, "Never", 7, 4)]
    [InlineData(20, 64, "Fenced", 1, 5)]
    [InlineData(3, 64, "Fenced", 1, 1)]
    public void The_connections_are_shared_by_the_leases(int connections, int maxSlots, string reuse, int places, int poolSize)
        => Assert.Equal(new ConnectionBudget(places, poolSize, InjectedPoolSize: 0), ConnectionBudget.Share(connections, maxSlots, Enum.Parse<Reuse>(reuse), isInjecting: false));

    [Theory]
    [InlineData(500, 64, 48, 4, 243)]
    [InlineData(500, 4, 4, 20, 243)]
    [InlineData(100, 64, 8, 4, 43)]
    [InlineData(20, 64, 1, 1, 4)]
    [InlineData(3, 64, 1, 1, 4)]
    public void A_database_without_a_lease_gets_half_of_them(int connections, int maxSlots, int places, int poolSize, int injectedPoolSize)
        => Assert.Equal(new ConnectionBudget(places, poolSize, injectedPoolSize), ConnectionBudget.Share(connections, maxSlots, Reuse.Fenced, isInjecting: true));
}
