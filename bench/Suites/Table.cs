namespace SchemaIsolation.Bench.Suites;

/// <summary>A table, and how a test works with the row that it knows by its ref, which is $1 in all three.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Insert">Makes the row; the rows of the tables it depends on exist under the same ref.</param>
/// <param name="Key">The condition by which the row is found.</param>
/// <param name="Change">An assignment that changes the row.</param>
internal sealed record Table(string Name, string Insert, string Key, string Change)
{
    public string Select { get; } = $"select * from {Name} where {Key}";

    public string Update { get; } = $"update {Name} set {Change} where {Key}";
}
