using SchemaIsolation.Keeper.Leases;

namespace SchemaIsolation.Tests.Unit.Leases;

public sealed class TestLeasesTests
{
    private readonly TestLeases leases = new(mostWaiting: 3);

    [Fact]
    public void A_released_lease_waits_until_its_test_has_passed()
    {
        Start("A.One");
        leases.Lease(1, "A.One");

        var released = leases.Release(1);

        Assert.Empty(released.LetGo);
        Assert.Equal([1], Pass("A.One"));
        Assert.Equal(0, leases.Waiting);
    }

    [Fact]
    public void A_failed_test_has_its_leases_and_no_other_test_s()
    {
        Start("A.One");
        Start("A.Two");
        Use(1, "A.One");
        Use(2, "A.Two");
        Use(3, "A.One");

        Assert.Equal([1, 3], Fail("A.One").Own);
        Assert.Equal([2], Pass("A.Two"));
    }

    [Fact]
    public void A_lease_that_is_still_held_when_its_test_fails_is_the_test_s_at_its_release()
    {
        Start("A.One");
        leases.Lease(1, "A");

        var end = Fail("A.One");
        var released = leases.Release(1);

        Assert.Equal([1], end.Own);
        Assert.True(released.IsFailed);
        Assert.Empty(released.LetGo);
    }

    [Fact]
    public void A_lease_whose_release_comes_after_the_end_of_its_test_is_let_go_at_once()
    {
        Start("A.One");
        leases.Lease(1, "A.One");
        Pass("A.One");

        Assert.Equal([1], leases.Release(1).LetGo);
    }

    [Fact]
    public void A_test_whose_start_is_told_late_has_its_leases_all_the_same()
    {
        Use(1, "A.One");
        Start("A.One");

        Assert.Equal([1], Fail("A.One").Own);
    }

    [Fact]
    public void Rows_of_a_theory_that_are_told_late_have_one_lease_after_the_other()
    {
        Use(1, "A.Rows");
        Use(2, "A.Rows");
        Use(3, "A.Rows");

        Start("A.Rows", "1");
        Assert.Equal([1], Pass("A.Rows", "1"));
        Start("A.Rows", "2");
        Assert.Equal([2], Fail("A.Rows", "2").Own);
        Start("A.Rows", "3");
        Assert.Equal([3], Pass("A.Rows", "3"));
    }

    [Fact]
    public void Leases_that_were_held_at_once_are_of_the_same_row()
    {
        leases.Lease(1, "A.Rows");
        leases.Lease(2, "A.Rows");
        leases.Release(2);
        leases.Release(1);
        Use(3, "A.Rows");
        Start("A.Rows", "1");

        Assert.Equal([1, 2], Fail("A.Rows", "1").Own);
    }

    [Fact]
    public void The_lease_of_the_next_row_is_not_the_failed_one_s()
    {
        Start("A.Rows", "1");
        Use(1, "A.Rows");
        leases.Lease(2, "A.Rows");

        Assert.Equal([1], Fail("A.Rows", "1").Own);
        Assert.False(leases.Release(2).IsFailed);
    }

    [Fact]
    public void Of_rows_that_run_side_by_side_all_are_the_failed_one_s_that_were_leased_since_it_began()
    {
        Start("A.Rows", "1");
        Use(1, "A.Rows");
        Start("A.Rows", "2");
        Use(2, "A.Rows");
        leases.Lease(3, "A.Rows");

        Assert.Equal([2, 3], Fail("A.Rows", "2").Own);
        Assert.True(leases.Release(3).IsFailed);
    }

    [Fact]
    public void Rows_that_run_side_by_side_let_nothing_go_that_may_be_another_one_s()
    {
        Start("A.Rows", "1");
        Start("A.Rows", "2");
        Use(1, "A.Rows");
        Use(2, "A.Rows");

        Assert.Empty(Pass("A.Rows", "1"));
        Assert.Equal([1, 2], Fail("A.Rows", "2").Own);
    }

    [Fact]
    public void A_row_that_passed_lets_go_of_one_where_the_end_of_the_next_may_be_told_later()
    {
        Start("A.Rows", "1");
        Use(1, "A.Rows");
        Use(2, "A.Rows");

        Assert.Equal([1], Pass("A.Rows", "1"));
        Start("A.Rows", "2");
        Assert.Equal([2], Fail("A.Rows", "2").Own);
    }

    [Fact]
    public void A_row_whose_lease_another_one_s_failure_has_taken_is_ambiguous()
    {
        Start("A.Rows", "1");
        Use(1, "A.Rows");
        Use(2, "A.Rows");
        Assert.Equal([1, 2], Fail("A.Rows", "1").Own);
        Start("A.Rows", "2");

        Assert.True(Fail("A.Rows", "2").IsAmbiguous);
    }

    [Theory]
    [InlineData("A.InitializeAsync")]
    [InlineData("A")]
    public void A_lease_of_the_class_is_the_failed_test_s_when_none_is_called_like_it(string lease)
    {
        Start("A.One");
        Start("B.Other");
        Use(1, lease);
        Use(2, "B.InitializeAsync");

        Assert.Equal([1], Fail("A.One").Own);
    }

    [Fact]
    public void What_another_test_of_the_class_is_called_is_not_the_failed_one_s()
    {
        Start("A.Two");
        Start("A.One");
        Use(1, "A.Two");

        Assert.Empty(Fail("A.One").Own);
    }

    [Fact]
    public void A_test_that_runs_alone_has_what_is_leased_meanwhile()
    {
        Start("A.One");
        Use(1, "Base.InitializeAsync");

        Assert.Equal([1], Fail("A.One").Own);
    }

    [Fact]
    public void What_may_be_of_a_test_that_is_told_of_later_waits_though_another_one_passes()
    {
        Start("A.One");
        Use(1, "A.Two");

        Assert.Empty(Pass("A.One"));
        Start("A.Two");
        Assert.Equal([1], Fail("A.Two").Own);
    }

    [Fact]
    public void A_test_whose_lease_another_one_s_failure_has_taken_is_ambiguous()
    {
        Start("A.One");
        Use(1, "A.Two");
        Assert.Equal([1], Fail("A.One").Own);
        Start("A.Two");

        Assert.True(Fail("A.Two").IsAmbiguous);
    }

    [Fact]
    public void Of_several_tests_it_cannot_be_told_whose_a_lease_is_that_is_called_like_none()
    {
        Start("A.One");
        Start("B.Other");
        Use(1, "Base.InitializeAsync");

        var end = Fail("A.One");

        Assert.Empty(end.Own);
        Assert.True(end.IsAmbiguous);
    }

    [Fact]
    public void A_test_that_fails_without_any_lease_at_its_time_is_not_ambiguous()
    {
        Use(1, "Base.InitializeAsync");
        Start("A.One");

        Assert.False(Fail("A.One").IsAmbiguous);
    }

    [Fact]
    public void The_oldest_is_let_go_when_too_many_wait()
    {
        Use(1, "Base.InitializeAsync");
        Use(2, "Base.InitializeAsync");
        Use(3, "Base.InitializeAsync");
        leases.Lease(4, "Base.InitializeAsync");

        Assert.Equal([1], leases.Release(4).LetGo);
        Assert.Equal(3, leases.Waiting);
    }

    [Fact]
    public void A_test_whose_lease_did_not_wait_for_its_end_is_ambiguous()
    {
        Use(1, "A.One");
        Use(2, "A.Two");
        Use(3, "A.Two");
        Use(4, "A.Two");
        Start("A.One");

        var end = Fail("A.One");

        Assert.Empty(end.Own);
        Assert.True(end.IsAmbiguous);
    }

    [Fact]
    public void In_a_file_that_is_called_like_no_class_the_method_tells()
    {
        Start("A.One");
        Start("B.Two");
        Use(1, "Tests.One");
        Use(2, "Tests.Two");

        Assert.Equal([2], Fail("B.Two").Own);
    }

    [Fact]
    public void The_lease_of_a_fixture_is_every_failed_test_s_of_the_class_however_late_it_is_told_of()
    {
        leases.Lease(1, "A");
        Start("A.One");
        Start("A.Two");
        leases.Release(1);
        Start("A.ToldLate");

        Assert.Equal([1], Fail("A.One").Own);
        Assert.Equal([1], Fail("A.Two").Own);
        Assert.Equal([1], Fail("A.ToldLate").Own);
        Assert.Equal(0, leases.Waiting);
        Assert.Empty(leases.Close());
    }

    [Fact]
    public void Once_closed_nothing_waits_but_what_a_failed_test_still_holds()
    {
        Start("A.One");
        leases.Lease(1, "A");
        Fail("A.One");
        leases.Lease(2, "B.Other");
        Use(3, "B.Other");

        Assert.Equal([3], leases.Close());
        Assert.Equal([2], leases.Release(2).LetGo);
        Assert.True(leases.Release(1).IsFailed);
    }

    [Fact]
    public void Once_closed_no_test_has_leases()
    {
        leases.Close();
        Start("A.One");
        leases.Lease(1, "A.One");

        Assert.Empty(Fail("A.One").Own);
        Assert.Equal([1], leases.Release(1).LetGo);
    }

    private void Use(int number, string test)
    {
        leases.Lease(number, test);
        leases.Release(number);
    }

    private void Start(string test, string row = "") => leases.Start(test + row, TestCaseName.Parse($"Some.Namespace.{test}"), isRow: row.Length > 0);

    private IReadOnlyList<int> Pass(string test, string row = "") => leases.End(test + row, isFailed: false).LetGo;

    private TestEnd Fail(string test, string row = "") => leases.End(test + row, isFailed: true);
}
