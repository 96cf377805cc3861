using Microsoft.Extensions.Configuration;

namespace SchemaIsolation.Keeper.Configuration;

/// <summary>One source of configuration. Layers stay apart, because a mistake names its source and a path is relative to it.</summary>
/// <param name="Origin">How a message names the source.</param>
/// <param name="BaseDirectory">What its relative paths start from.</param>
/// <param name="Values">Its keys; a list is one value, or children numbered from 0.</param>
internal sealed record ConfigurationLayer(string Origin, string BaseDirectory, IConfiguration Values);
