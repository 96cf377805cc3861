using Microsoft.EntityFrameworkCore;
using Shop.Orders;

namespace Shop.Customers;

internal static class CustomerEndpoints
{
    public static void MapCustomers(this WebApplication app)
    {
        app.MapPost("/customers", CreateAsync);
        app.MapGet("/customers/{email}/orders", ListOrdersAsync);
    }

    private static async Task<IResult> CreateAsync(NewCustomer asked, ShopContext shop)
    {
        var customer = new Customer { Email = asked.Email.ToLowerInvariant(), Name = asked.Name };
        shop.Customers.Add(customer);
        return await shop.TrySaveAsync("customer") ?? TypedResults.Created($"/customers/{customer.Email}", customer);
    }

    private static async Task<IReadOnlyList<OrderView>> ListOrdersAsync(string email, ShopContext shop)
        => await shop.Orders.AsNoTracking().Where(order => order.Customer!.Email == email).OrderBy(order => order.PlacedAt).Select(OrderView.FromOrder).ToListAsync();
}
