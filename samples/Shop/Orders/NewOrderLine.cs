namespace Shop.Orders;

public sealed record NewOrderLine(string Sku, int Quantity);
