using SchemaIsolation.Keeper.Leases;

namespace SchemaIsolation.Tests.Unit.Leases;

public sealed class TestCaseNameTests
{
    [Theory]
    [InlineData("Some.Namespace.PackTests.Creates_a_pack", "PackTests", "Creates_a_pack")]
    [InlineData("PackTests.Creates_a_pack", "PackTests", "Creates_a_pack")]
    [InlineData("Creates_a_pack", "", "Creates_a_pack")]
    [InlineData("", "", "")]
    [InlineData("N.Outer+Inner.M", "Outer+Inner", "M")]
    [InlineData("N.PackTests.Creates(\"a.b(\\\")\",1.5)", "PackTests", "Creates")]
    [InlineData("N.PackTests.Creates('(')", "PackTests", "Creates")]
    [InlineData("N.PackTests(\"x.y\").Creates(2)", "PackTests", "Creates")]
    [InlineData("N.PackTests<System.Int32>.Creates", "PackTests", "Creates")]
    [InlineData("N.PackTests.Creates (1)", "PackTests", "Creates")]
    public void A_name_has_a_class_and_a_method(string name, string type, string method)
        => Assert.Equal(new TestCaseName(type, method), TestCaseName.Parse(name));

    [Fact]
    public void Leases_are_called_by_the_class_or_one_around_it()
        => Assert.Equal(["Outer.M", "Inner.M", "M"], TestCaseName.Parse("N.Outer+Inner.M").Leases);

    [Theory]
    [InlineData("PackTests.InitializeAsync", true)]
    [InlineData("PackTests", true)]
    [InlineData("PackTestsBase.InitializeAsync", false)]
    [InlineData("Base.PackTests", false)]
    public void A_lease_is_of_the_class_in_whose_file_it_was_made(string lease, bool isOfClass)
        => Assert.Equal(isOfClass, TestCaseName.Parse("N.PackTests.Creates").IsOfClass(lease));

    [Theory]
    [InlineData("N.C.M", "M", "N.C.M")]
    [InlineData("N.C.M", "", "N.C.M")]
    [InlineData("N.C.M", "N.C.M(id: 2)", "N.C.M(id: 2)")]
    [InlineData("N.C.M", "M (2)", "N.C.M: M (2)")]
    [InlineData("N.C.M(2)", "M(2)", "N.C.M(2)")]
    public void People_know_a_test_by_its_class_and_its_arguments(string name, string displayName, string title)
        => Assert.Equal(title, new TestCase("1", name, displayName, Outcome: null).Title);

    [Theory]
    [InlineData("N.C.M", "N.C.M(id: 2)", true)]
    [InlineData("N.C.M(2)", "M(2)", true)]
    [InlineData("N.C.M", "M (2)", true)]
    [InlineData("N.C.M", "M", false)]
    [InlineData("N.C(2).M", "M", false)]
    public void A_test_with_arguments_is_a_row(string name, string displayName, bool isRow)
        => Assert.Equal(isRow, new TestCase("1", name, displayName, Outcome: null).IsRow);
}
