namespace Shop.Customers;

public sealed class Customer
{
    public long Id { get; init; }
    public required string Email { get; init; }
    public required string Name { get; init; }
}
