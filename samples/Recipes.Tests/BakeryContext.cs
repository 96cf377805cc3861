using Microsoft.EntityFrameworkCore;

namespace Recipes.Tests;

/// <summary>A model of which EF Core makes the tables.</summary>
public sealed class BakeryContext(DbContextOptions<BakeryContext> options) : DbContext(options)
{
    public DbSet<Loaf> Loaves => Set<Loaf>();

    public static BakeryContext On(string connectionString)
        => new(new DbContextOptionsBuilder<BakeryContext>().UseNpgsql(connectionString).Options);
}

public sealed class Loaf
{
    public int Id { get; set; }

    public required string Name { get; set; }
}
