using System.Net;
using System.Net.Http.Json;
using Shop.Customers;
using Shop.Orders;
using Shop.Products;

namespace Shop.Tests;

public sealed class OrderTests(ShopApi api) : IClassFixture<ShopApi>
{
    private readonly HttpClient client = api.CreateClient();

    [Fact]
    public async Task An_order_takes_its_products_from_stock()
    {
        var product = await api.CreateProductAsync(stock: 5);

        await api.PlaceAsync(await api.CreateCustomerAsync(), (product, 2));

        Assert.Equal(3, await api.StockAsync(product));
    }

    [Fact]
    public async Task An_order_shows_its_lines_and_what_they_cost()
    {
        var customer = await api.CreateCustomerAsync();
        var cheap = await api.CreateProductAsync(price: 1.25m);
        var dear = await api.CreateProductAsync(price: 100);
        var placed = await ShopApi.ReadAsync<OrderView>(await api.PlaceAsync(customer, (cheap, 2), (dear, 1)));

        var order = await client.GetFromJsonAsync<OrderView>($"/orders/{placed.Id}");

        Assert.Equal((customer.Email, "Placed", 102.5m), (order!.Email, order.Status, order.Total));
        Assert.Equal(new[] { (cheap.Sku, 2), (dear.Sku, 1) }.Order(), order.Lines.Select(line => (line.Sku, line.Quantity)));
    }

    [Fact]
    public async Task An_order_for_more_than_there_is_takes_nothing()
    {
        var scarce = await api.CreateProductAsync(stock: 1);
        var plenty = await api.CreateProductAsync(stock: 9);

        var response = await api.PlaceAsync(await api.CreateCustomerAsync(), (plenty, 2), (scarce, 2));

        Assert.Equal(HttpStatusCode.Conflict, response.StatusCode);
        Assert.Equal(9, await api.StockAsync(plenty));
        Assert.Equal(1, await api.StockAsync(scarce));
    }

    [Fact]
    public async Task Of_many_who_want_the_last_one_gets_it()
    {
        var product = await api.CreateProductAsync(stock: 1);
        var customers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => api.CreateCustomerAsync()));

        var responses = await Task.WhenAll(customers.Select(customer => api.PlaceAsync(customer, (product, 1))));

        Assert.Single(responses, response => response.StatusCode == HttpStatusCode.Created);
        Assert.Equal(0, await api.StockAsync(product));
    }

    [Fact]
    public async Task An_order_for_nothing_of_a_product_is_refused()
    {
        var response = await api.PlaceAsync(await api.CreateCustomerAsync(), (await api.CreateProductAsync(), 0));

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }

    [Fact]
    public async Task An_order_by_nobody_or_for_what_there_is_not_is_not_found()
    {
        var byNobody = await api.PlaceAsync(new Customer { Email = "nobody@example.org", Name = "Nobody" }, (await api.CreateProductAsync(), 1));
        var forNothing = await api.PlaceAsync(await api.CreateCustomerAsync(), (new Product { Sku = ShopApi.Unique("sku"), Name = "", Price = 1, Stock = 1 }, 1));

        Assert.Equal(HttpStatusCode.NotFound, byNobody.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, forNothing.StatusCode);
    }

    [Fact]
    public async Task A_cancelled_order_gives_its_products_back_once()
    {
        var product = await api.CreateProductAsync(stock: 5);
        var order = await ShopApi.ReadAsync<OrderView>(await api.PlaceAsync(await api.CreateCustomerAsync(), (product, 5)));

        var first = await api.CancelAsync(order.Id);
        var second = await api.CancelAsync(order.Id);

        Assert.Equal("Cancelled", (await ShopApi.ReadAsync<OrderView>(first)).Status);
        Assert.Equal(HttpStatusCode.Conflict, second.StatusCode);
        Assert.Equal(5, await api.StockAsync(product));
    }

    [Fact]
    public async Task An_order_that_there_is_not_is_not_found()
    {
        Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync("/orders/9223372036854775807")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await api.CancelAsync(long.MaxValue)).StatusCode);
    }
}
