using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using SchemaIsolation.Keeper.Reporting;

namespace SchemaIsolation.Tests.Conventions;

public sealed class ReportPageTests
{
    private const string Page = "docs/report.md";

    [Fact]
    public void The_table_of_members_is_the_reports()
    {
        var expected = Members(typeof(SessionReport), string.Empty);

        var rows = Rows().Select(cells => $"{cells[0]} | {cells[1]}");

        Assert.Equal(expected, rows);
    }

    [Fact]
    public void Every_member_has_a_meaning_and_every_number_a_unit()
        => Assert.All(Rows(), cells =>
        {
            Assert.True(cells[3].Length > 0, $"{cells[0]} has no meaning.");
            Assert.True(cells[2].Length > 0 || !cells[1].Contains("number", StringComparison.Ordinal), $"{cells[0]} has no unit.");
        });

    private static IEnumerable<string[]> Rows() => SourceTree.Read(Page).Split('\n')
        .Where(line => line.StartsWith("| `", StringComparison.Ordinal))
        .Select(line => line.Trim('|', ' ').Split('|', StringSplitOptions.TrimEntries));

    // As they stand in the file: each member, and behind it those of what it holds.
    private static IEnumerable<string> Members(Type type, string prefix)
    {
        foreach (var property in type.GetProperties().Where(property => property.GetCustomAttribute<JsonIgnoreAttribute>() is null).OrderBy(property => property.MetadataToken))
        {
            var name = prefix + JsonNamingPolicy.CamelCase.ConvertName(property.Name);
            var isNullable = new NullabilityInfoContext().Create(property).ReadState == NullabilityState.Nullable;
            var held = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
            var isList = held.IsGenericType;
            if (isList)
                held = held.GetGenericArguments()[0];
            yield return $"`{name}` | {(isList ? "list of " : string.Empty)}{Shape(held)}{(isNullable ? " or null" : string.Empty)}";

            foreach (var member in IsObject(held) ? Members(held, $"{name}{(isList ? "[]" : string.Empty)}.") : [])
                yield return member;
        }
    }

    private static bool IsObject(Type type) => type.Namespace == typeof(SessionReport).Namespace && !type.IsEnum;

    private static string Shape(Type type) => type switch
    {
        { IsEnum: true } => string.Join(", ", type.GetEnumNames().Select(name => $"`{name}`")),
        _ when IsObject(type) => "object",
        _ when type == typeof(string) => "text",
        _ when type == typeof(bool) => "boolean",
        _ when type == typeof(int) || type == typeof(double) => "number",
        _ when type == typeof(DateTimeOffset) => "time",
        _ => type.Name,
    };
}
