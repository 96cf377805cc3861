using System.Net.Http.Json;
using Microsoft.AspNetCore.Mvc.Testing;
using Shop.Customers;
using Shop.Orders;
using Shop.Products;

namespace Shop.Tests;

/// <summary>The API as its clients see it, and what a test needs there: under names that no other test has, as all share one database.</summary>
public sealed class ShopApi : WebApplicationFactory<Program>
{
    public static string Unique(string prefix) => $"{prefix}-{Guid.NewGuid():N}";

    public async Task<Product> CreateProductAsync(decimal price = 10, int stock = 5)
    {
        var sku = Unique("sku");
        return await ReadAsync<Product>(await CreateClient().PostAsJsonAsync("/products", new NewProduct(sku, $"Product {sku}", price, stock)));
    }

    public async Task<Customer> CreateCustomerAsync()
        => await ReadAsync<Customer>(await CreateClient().PostAsJsonAsync("/customers", new NewCustomer($"{Unique("c")}@example.org", "Ada")));

    public Task<HttpResponseMessage> PlaceAsync(Customer customer, params (Product Product, int Quantity)[] lines)
        => CreateClient().PostAsJsonAsync("/orders", new NewOrder(customer.Email, [.. lines.Select(line => new NewOrderLine(line.Product.Sku, line.Quantity))]));

    public Task<HttpResponseMessage> CancelAsync(long order) => CreateClient().PostAsync($"/orders/{order}/cancel", content: null);

    public async Task<int> StockAsync(Product product) => (await CreateClient().GetFromJsonAsync<Product>($"/products/{product.Sku}"))!.Stock;

    public static async Task<T> ReadAsync<T>(HttpResponseMessage response)
        => (await response.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<T>())!;
}
