namespace Shop.Products;

public sealed record NewProduct(string Sku, string Name, decimal Price, int Stock);
