using System.Globalization;
using System.Text;

namespace SchemaIsolation.Keeper.Reporting;

/// <summary>What is attached to the result of a failed test: Markdown.</summary>
/// <param name="test">The test, as its framework calls it.</param>
internal sealed class FailedTestText(string test)
{
    private const int MostOfName = 80;

    private readonly StringBuilder text = new($"# {test}\n\n");

    /// <param name="name">The test's, without its namespace and arguments.</param>
    /// <returns>A name that every file system takes.</returns>
    public static string FileName(string name)
    {
        var safe = string.Concat(name.Select(character => char.IsLetterOrDigit(character) || character is '.' or '-' or '_' ? character : '_'));
        return $"schema-isolation-{(safe.Length <= MostOfName ? safe : safe[..MostOfName])}.md";
    }

    /// <param name="lease">What the lease is called.</param>
    /// <param name="psql">How to connect.</param>
    /// <param name="inspect">The keeper's command that does so, and what it is good for.</param>
    /// <param name="until">How long it is kept.</param>
    /// <param name="isReleased">Whether it was released when the test failed.</param>
    /// <param name="found">What is in it.</param>
    public void AddKept(string lease, string psql, string inspect, DateTimeOffset until, bool isReleased, string found)
    {
        text.Append(CultureInfo.InvariantCulture, $"## Lease of `{lease}`\n\n    {psql}\n\n{inspect}\n\nKept until {until:u}; the first session, or `sweep`, after that drops it.\n\n");
        if (!isReleased)
            text.Append("It was still held when the test failed, and is kept under that name when it is released, with what tests write meanwhile. What follows is as it was.\n\n");
        text.Append(found).Append('\n');
    }

    public void AddNotKept(string lease, string reason)
        => text.Append(CultureInfo.InvariantCulture, $"## Lease of `{lease}`\n\nNot kept: {reason}\n\n");

    public void AddNotTold()
        => text.Append("Nothing is kept for this test: which of the leases at that time was its own cannot be told, or only now that its slot is used again. Lease in the test itself, in a file that is called like its class, or hand its class and method to `LeaseAsync` as `testFile` and `testName`.\n");

    public void AddRowsMeet()
        => text.Append("The rows of a theory are told apart by order alone: not all of these leases need be this one's.\n\n");

    public void AddCalledOtherwise()
        => text.Append("What is called otherwise than the test, such as a fixture's lease, was found by its class or method, or by the time: it need not be this one's, or not this one's alone.\n\n");

    public Task WriteAsync(string path) => File.WriteAllTextAsync(path, text.ToString());
}
