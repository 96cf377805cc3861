using Microsoft.EntityFrameworkCore;
using Shop;
using Shop.Customers;
using Shop.Orders;
using Shop.Products;

var builder = WebApplication.CreateBuilder(args);
builder.Services.AddDbContext<ShopContext>(options => options.UseNpgsql(builder.Configuration.GetConnectionString("Default")));

var app = builder.Build();
app.MapProducts();
app.MapCustomers();
app.MapOrders();
app.Run();
