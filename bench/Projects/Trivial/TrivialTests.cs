using SchemaIsolation;

namespace Trivial;

public class TrivialTests
{
    [Fact]
    public void Does_nothing()
    {
    }

    [Fact]
    public async Task Leases()
    {
        await using var schema = await IsolatedSchema.LeaseAsync();
    }
}
