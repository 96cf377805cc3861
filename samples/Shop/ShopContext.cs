using Microsoft.EntityFrameworkCore;
using Shop.Customers;
using Shop.Orders;
using Shop.Products;

namespace Shop;

/// <summary>The tables that the files in <c>migrations</c> make.</summary>
public sealed class ShopContext(DbContextOptions<ShopContext> options) : DbContext(options)
{
    public DbSet<Product> Products => Set<Product>();
    public DbSet<Customer> Customers => Set<Customer>();
    public DbSet<Order> Orders => Set<Order>();

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<Product>(product =>
        {
            product.ToTable("products");
            product.Property(p => p.Id).HasColumnName("id");
            product.Property(p => p.Sku).HasColumnName("sku");
            product.Property(p => p.Name).HasColumnName("name");
            product.Property(p => p.Price).HasColumnName("price");
            product.Property(p => p.Stock).HasColumnName("stock");
        });
        modelBuilder.Entity<Customer>(customer =>
        {
            customer.ToTable("customers");
            customer.Property(c => c.Id).HasColumnName("id");
            customer.Property(c => c.Email).HasColumnName("email");
            customer.Property(c => c.Name).HasColumnName("name");
        });
        modelBuilder.Entity<Order>(order =>
        {
            order.ToTable("orders");
            order.Property(o => o.Id).HasColumnName("id");
            order.Property(o => o.CustomerId).HasColumnName("customer_id");
            order.Property(o => o.Status).HasColumnName("status").HasConversion<string>();
            order.Property(o => o.PlacedAt).HasColumnName("placed_at").HasDefaultValueSql("now()");
        });
        modelBuilder.Entity<OrderLine>(line =>
        {
            line.ToTable("order_lines");
            line.HasKey(l => new { l.OrderId, l.ProductId });
            line.Property(l => l.OrderId).HasColumnName("order_id");
            line.Property(l => l.ProductId).HasColumnName("product_id");
            line.Property(l => l.Quantity).HasColumnName("quantity");
            line.Property(l => l.Price).HasColumnName("price");
        });
    }
}
