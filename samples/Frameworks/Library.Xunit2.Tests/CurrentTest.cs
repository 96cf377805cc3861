using System.Reflection;
using Xunit.Abstractions;

namespace Library.Tests;

/// <summary>The name of a test, which xUnit 2 tells to its output alone.</summary>
internal static class CurrentTest
{
    public static string Name(ITestOutputHelper output)
        => output.GetType().GetField("test", BindingFlags.Instance | BindingFlags.NonPublic)?.GetValue(output) is ITest test
            ? test.TestCase.TestMethod.Method.Name
            : "a test";
}
