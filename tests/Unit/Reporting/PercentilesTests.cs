using SchemaIsolation.Keeper.Reporting;

namespace SchemaIsolation.Tests.Unit.Reporting;

public sealed class PercentilesTests
{
    [Fact]
    public void Each_is_a_value_that_occurred()
    {
        var percentiles = Percentiles.Of(Enumerable.Range(1, 200).Reverse().Select(value => (double)value));

        Assert.Equal(new Percentiles(Median: 100, P95: 190, P99: 198, Most: 200), percentiles);
    }

    [Fact]
    public void One_value_is_all_of_them() => Assert.Equal(new Percentiles(7, 7, 7, 7), Percentiles.Of([7]));

    [Fact]
    public void Without_a_value_there_is_none() => Assert.Null(Percentiles.Of([]));
}
