using System.Net;
using System.Net.Http.Json;
using Shop.Products;

namespace Shop.Tests;

public sealed class ProductTests(ShopApi api) : IClassFixture<ShopApi>
{
    private readonly HttpClient client = api.CreateClient();

    [Fact]
    public async Task A_new_product_is_found_by_its_sku()
    {
        var created = await api.CreateProductAsync(price: 12.5m, stock: 3);

        var found = await client.GetFromJsonAsync<Product>($"/products/{created.Sku}");

        Assert.Equal((created.Id, 12.5m, 3), (found!.Id, found.Price, found.Stock));
    }

    [Fact]
    public async Task An_unknown_sku_is_not_found()
    {
        var response = await client.GetAsync($"/products/{ShopApi.Unique("sku")}");

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }

    [Fact]
    public async Task A_sku_is_taken_once()
    {
        var first = await api.CreateProductAsync();

        var second = await client.PostAsJsonAsync("/products", new NewProduct(first.Sku, "Another", 1, 1));

        Assert.Equal(HttpStatusCode.Conflict, second.StatusCode);
    }

    [Theory]
    [InlineData("", 1, 1, "products_name_not_empty")]
    [InlineData("A name", 0, 1, "products_price_positive")]
    [InlineData("A name", 1, -1, "products_stock_not_negative")]
    public async Task A_product_that_breaks_a_rule_is_refused_by_its_name(string name, int price, int stock, string rule)
    {
        var response = await client.PostAsJsonAsync("/products", new NewProduct(ShopApi.Unique("sku"), name, price, stock));

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains(rule, await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Products_are_found_by_a_part_of_their_name_the_cheapest_first()
    {
        var word = ShopApi.Unique("word");
        await client.PostAsJsonAsync("/products", new NewProduct(ShopApi.Unique("sku"), $"A dear {word}", 90, 1));
        await client.PostAsJsonAsync("/products", new NewProduct(ShopApi.Unique("sku"), $"A cheap {word}", 2, 1));

        var found = await client.GetFromJsonAsync<Product[]>($"/products?name={word}");

        Assert.Equal([$"A cheap {word}", $"A dear {word}"], found!.Select(product => product.Name));
    }
}
