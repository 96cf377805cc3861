using Microsoft.EntityFrameworkCore;

namespace Shop.Products;

internal static class ProductEndpoints
{
    public static void MapProducts(this WebApplication app)
    {
        app.MapPost("/products", CreateAsync);
        app.MapGet("/products/{sku}", GetAsync);
        app.MapGet("/products", FindAsync);
    }

    private static async Task<IResult> CreateAsync(NewProduct asked, ShopContext shop)
    {
        var product = new Product { Sku = asked.Sku, Name = asked.Name, Price = asked.Price, Stock = asked.Stock };
        shop.Products.Add(product);
        return await shop.TrySaveAsync("product") ?? TypedResults.Created($"/products/{product.Sku}", product);
    }

    private static async Task<IResult> GetAsync(string sku, ShopContext shop)
        => await shop.Products.AsNoTracking().SingleOrDefaultAsync(product => product.Sku == sku) is { } found ? TypedResults.Ok(found) : TypedResults.NotFound();

    private static async Task<IReadOnlyList<Product>> FindAsync(string name, ShopContext shop)
        => await shop.Products.AsNoTracking().Where(product => product.Name.Contains(name)).OrderBy(product => product.Price).ToListAsync();
}
