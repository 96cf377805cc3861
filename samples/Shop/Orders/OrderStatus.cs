namespace Shop.Orders;

public enum OrderStatus
{
    Placed,
    Cancelled,
}
