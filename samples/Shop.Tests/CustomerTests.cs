using System.Net;
using System.Net.Http.Json;
using Shop.Customers;
using Shop.Orders;

namespace Shop.Tests;

public sealed class CustomerTests(ShopApi api) : IClassFixture<ShopApi>
{
    private readonly HttpClient client = api.CreateClient();

    [Fact]
    public async Task An_email_is_taken_once_whatever_its_case()
    {
        var customer = await api.CreateCustomerAsync();

        var again = await client.PostAsJsonAsync("/customers", new NewCustomer(customer.Email.ToUpperInvariant(), "Bob"));

        Assert.Equal(HttpStatusCode.Conflict, again.StatusCode);
    }

    [Fact]
    public async Task What_is_not_an_email_is_refused()
    {
        var response = await client.PostAsJsonAsync("/customers", new NewCustomer(ShopApi.Unique("nobody"), "Bob"));

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }

    [Fact]
    public async Task A_new_customer_has_no_orders()
    {
        var customer = await api.CreateCustomerAsync();

        Assert.Empty((await client.GetFromJsonAsync<OrderView[]>($"/customers/{customer.Email}/orders"))!);
    }

    [Fact]
    public async Task A_customers_orders_are_listed_in_the_order_in_which_they_were_placed()
    {
        var customer = await api.CreateCustomerAsync();
        var product = await api.CreateProductAsync();
        var first = await ShopApi.ReadAsync<OrderView>(await api.PlaceAsync(customer, (product, 1)));
        var second = await ShopApi.ReadAsync<OrderView>(await api.PlaceAsync(customer, (product, 2)));
        await api.PlaceAsync(await api.CreateCustomerAsync(), (product, 1));

        var orders = await client.GetFromJsonAsync<OrderView[]>($"/customers/{customer.Email}/orders");

        Assert.Equal([first.Id, second.Id], orders!.Select(order => order.Id));
    }
}
