using Microsoft.EntityFrameworkCore;

namespace Shop.Orders;

internal static class OrderEndpoints
{
    public static void MapOrders(this WebApplication app)
    {
        app.MapPost("/orders", PlaceAsync);
        app.MapGet("/orders/{id:long}", GetAsync);
        app.MapPost("/orders/{id:long}/cancel", CancelAsync);
    }

    private static async Task<IResult> PlaceAsync(NewOrder asked, ShopContext shop)
    {
        if (await shop.Customers.SingleOrDefaultAsync(customer => customer.Email == asked.Email) is not { } customer)
            return TypedResults.NotFound($"There is no customer {asked.Email}.");

        await using var transaction = await shop.Database.BeginTransactionAsync();
        var order = new Order { CustomerId = customer.Id };

        // In one order for all: two that want the same products cannot wait for each other.
        foreach (var wanted in asked.Lines.OrderBy(line => line.Sku, StringComparer.Ordinal))
        {
            if (await shop.Products.AsNoTracking().SingleOrDefaultAsync(product => product.Sku == wanted.Sku) is not { } product)
                return TypedResults.NotFound($"There is no product {wanted.Sku}.");

            // Asked and taken in one statement: of two who want the last, one gets it.
            var taken = await shop.Products
                .Where(inStock => inStock.Id == product.Id && inStock.Stock >= wanted.Quantity)
                .ExecuteUpdateAsync(update => update.SetProperty(inStock => inStock.Stock, inStock => inStock.Stock - wanted.Quantity));
            if (taken == 0)
                return TypedResults.Conflict($"There are fewer than {wanted.Quantity} of {wanted.Sku}.");
            order.Lines.Add(new OrderLine { ProductId = product.Id, Quantity = wanted.Quantity, Price = product.Price });
        }

        shop.Orders.Add(order);
        if (await shop.TrySaveAsync("order") is { } refusal)
            return refusal;
        await transaction.CommitAsync();
        return TypedResults.Created($"/orders/{order.Id}", await FindAsync(order.Id, shop));
    }

    private static async Task<IResult> GetAsync(long id, ShopContext shop)
        => await FindAsync(id, shop) is { } found ? TypedResults.Ok(found) : TypedResults.NotFound();

    private static async Task<IResult> CancelAsync(long id, ShopContext shop)
    {
        await using var transaction = await shop.Database.BeginTransactionAsync();
        var cancelled = await shop.Orders
            .Where(order => order.Id == id && order.Status == OrderStatus.Placed)
            .ExecuteUpdateAsync(update => update.SetProperty(order => order.Status, OrderStatus.Cancelled));
        if (cancelled == 0)
            return await FindAsync(id, shop) is null ? TypedResults.NotFound() : TypedResults.Conflict("The order is cancelled already.");

        var lines = await shop.Orders.Where(order => order.Id == id).SelectMany(order => order.Lines).AsNoTracking().OrderBy(line => line.ProductId).ToListAsync();
        foreach (var line in lines)
        {
            await shop.Products
                .Where(product => product.Id == line.ProductId)
                .ExecuteUpdateAsync(update => update.SetProperty(product => product.Stock, product => product.Stock + line.Quantity));
        }

        await transaction.CommitAsync();
        return TypedResults.Ok(await FindAsync(id, shop));
    }

    private static Task<OrderView?> FindAsync(long id, ShopContext shop)
        => shop.Orders.AsNoTracking().Where(order => order.Id == id).Select(OrderView.FromOrder).SingleOrDefaultAsync();
}
