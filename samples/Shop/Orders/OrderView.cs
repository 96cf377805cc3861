using System.Linq.Expressions;

namespace Shop.Orders;

/// <summary>An order as the API shows it.</summary>
public sealed record OrderView(long Id, string Email, string Status, decimal Total, IReadOnlyList<NewOrderLine> Lines)
{
    internal static readonly Expression<Func<Order, OrderView>> FromOrder = order => new OrderView(
        order.Id,
        order.Customer!.Email,
        order.Status.ToString(),
        order.Lines.Sum(line => line.Quantity * line.Price),
        order.Lines.OrderBy(line => line.Product!.Sku).Select(line => new NewOrderLine(line.Product!.Sku, line.Quantity)).ToList());
}
