using System.Text;
using SchemaIsolation.Keeper.Postgres;

namespace SchemaIsolation.Keeper.Configuration;

/// <summary>Reads where the server is and how we get in.</summary>
/// <param name="mistakes">Takes what is wrong.</param>
internal sealed class ServerReader(ICollection<string> mistakes)
{
    private const int MaxNameBytes = 63;
    private const string EnvironmentPrefix = "env:";

    /// <returns>Null when it has a mistake.</returns>
    public ServerAddress? ReadAddress(string value, ConfigurationLayer layer)
    {
        try
        {
            if (value.StartsWith(EnvironmentPrefix, StringComparison.Ordinal))
                value = ReadVariable(value[EnvironmentPrefix.Length..]);
            var address = ServerAddress.Parse(value, layer.BaseDirectory);
            if (Encoding.UTF8.GetByteCount(address.Username ?? string.Empty) > MaxNameBytes)
                throw new FormatException($"its user name is longer than {MaxNameBytes} bytes, where PostgreSQL would cut it.");
            return address;
        }
        catch (FormatException exception)
        {
            // Not the value, which may hold a password.
            Mistake(OptionKey.Server, layer, exception);
            return null;
        }
    }

    /// <returns>Null when it has a mistake.</returns>
    public PasswordCommand? ReadPasswordCommand(string value, ConfigurationLayer layer)
    {
        try
        {
            return CommandLine.Split(value).Count > 0 ? new PasswordCommand(value, layer.BaseDirectory) : throw new FormatException("it names no program.");
        }
        catch (FormatException exception)
        {
            Mistake(OptionKey.PasswordCommand, layer, exception);
            return null;
        }
    }

    private static string ReadVariable(string name)
        => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value
            ? value
            : throw new FormatException($"the environment variable \"{name}\" that it names is not set.");

    private void Mistake(OptionKey key, ConfigurationLayer layer, FormatException exception)
        => mistakes.Add($"\"{key.Name}\" in {layer.Origin} cannot be used: {exception.Message} Legal is {key.Legal.Replace("`", string.Empty, StringComparison.Ordinal)}.");
}
