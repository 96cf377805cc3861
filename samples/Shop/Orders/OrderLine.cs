using Shop.Products;

namespace Shop.Orders;

public sealed class OrderLine
{
    public long OrderId { get; init; }
    public required long ProductId { get; init; }
    public Product? Product { get; init; }
    public required int Quantity { get; init; }

    /// <summary>Of one, when it was ordered.</summary>
    public required decimal Price { get; init; }
}
