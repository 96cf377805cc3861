namespace Shop.Customers;

public sealed record NewCustomer(string Email, string Name);
