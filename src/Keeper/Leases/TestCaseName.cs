using System.Text;

namespace SchemaIsolation.Keeper.Leases;

/// <summary>The class and method of a test case, to be compared with what leases are called.</summary>
/// <param name="Class">Without its namespace; within others as <c>Outer+Inner</c>.</param>
/// <param name="Method">Without arguments, so that the rows of a theory have one name.</param>
internal sealed record TestCaseName(string Class, string Method)
{
    /// <summary>What a lease of the test is called: by the class, or one around it, and the method; or by the method alone.</summary>
    public IEnumerable<string> Leases => [.. Class.Split('+').Select(type => $"{type}.{Method}"), Method];

    /// <param name="fullyQualifiedName">As the framework has it: NUnit's holds arguments, of the class as well.</param>
    public static TestCaseName Parse(string fullyQualifiedName)
    {
        var parts = WithoutArguments(fullyQualifiedName).Split('.', StringSplitOptions.TrimEntries);
        return new TestCaseName(parts.Length > 1 ? parts[^2] : string.Empty, parts[^1]);
    }

    /// <summary>Whether the lease was made in a file that is called like the class, or is called like it.</summary>
    public bool IsOfClass(string lease)
    {
        var dot = lease.IndexOf('.', StringComparison.Ordinal);
        return Class.Split('+').Contains(dot < 0 ? lease : lease[..dot], StringComparer.Ordinal);
    }

    /// <summary>Whether the lease was made in a method that is called like the test's, in whatever file.</summary>
    public bool IsOfMethod(string lease) => lease[(lease.LastIndexOf('.') + 1)..] == Method;

    public override string ToString() => Class.Length == 0 ? Method : $"{Class}.{Method}";

    private static string WithoutArguments(string name)
    {
        var kept = new StringBuilder();
        var depth = 0;
        char? quote = null;
        for (var i = 0; i < name.Length; i++)
        {
            var character = name[i];
            if (quote is not null)
            {
                if (character == '\\')
                    i++;
                else if (character == quote)
                    quote = null;
            }
            else if (character is '(' or '<')
            {
                depth++;
            }
            else if (depth == 0)
            {
                kept.Append(character);
            }
            else if (character is ')' or '>')
            {
                depth--;
            }
            else if (character is '"' or '\'')
            {
                quote = character;
            }
        }

        return kept.ToString();
    }
}
