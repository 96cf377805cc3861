namespace Shop.Orders;

/// <param name="Email">The customer's.</param>
/// <param name="Lines">Each product once.</param>
public sealed record NewOrder(string Email, IReadOnlyList<NewOrderLine> Lines);
