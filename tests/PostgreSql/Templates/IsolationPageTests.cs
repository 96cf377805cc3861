using Xunit;

namespace SchemaIsolation.Tests.PostgreSql.Templates;

public sealed class IsolationPageTests
{
    // Set by build/isolation.sh alone: the page in the repository, to be written anew.
    private static readonly string? Written = Environment.GetEnvironmentVariable("ISOLATION_PAGE");

    [Fact]
    public void The_page_on_isolation_says_what_the_wild_migrations_prove()
    {
        var page = File.ReadAllText(Written ?? Path.Combine(AppContext.BaseDirectory, "isolation.md"));

        var rendered = IsolationPage.Render(page, WildMigrationTests.Expected.Select(row => row.Data), WildMigrationTests.Wrong);

        if (Written is not null)
            File.WriteAllText(Written, rendered);
        else
            Assert.True(rendered == page, "docs/isolation.md says otherwise than WildMigrationTests. Make it anew with ./build/isolation.sh, and read what has changed.");
    }
}
