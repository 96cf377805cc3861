using Shop.Customers;

namespace Shop.Orders;

public sealed class Order
{
    public long Id { get; init; }
    public required long CustomerId { get; init; }
    public Customer? Customer { get; init; }
    public OrderStatus Status { get; init; }
    public DateTime PlacedAt { get; init; }
    public List<OrderLine> Lines { get; init; } = [];
}
