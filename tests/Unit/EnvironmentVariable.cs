namespace SchemaIsolation.Tests.Unit;

/// <summary>A variable of this process for the time of one test of the <see cref="EnvironmentCollection"/>.</summary>
internal sealed class EnvironmentVariable : IDisposable
{
    private readonly string name;
    private readonly string? former;

    public EnvironmentVariable(string name, string? value)
    {
        this.name = name;
        former = Environment.GetEnvironmentVariable(name);
        Environment.SetEnvironmentVariable(name, value);
    }

    public void Dispose() => Environment.SetEnvironmentVariable(name, former);
}
