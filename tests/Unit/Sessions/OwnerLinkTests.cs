using SchemaIsolation.Keeper.Leases;
using SchemaIsolation.Keeper.Reporting;
using SchemaIsolation.Keeper.Sessions;

namespace SchemaIsolation.Tests.Unit.Sessions;

public sealed class OwnerLinkTests
{
    [Fact]
    public async Task A_start_carries_the_configuration_and_the_directory()
    {
        using var owner = new Owner();
        owner.Say("<start configuration=\"&lt;Configuration&gt;&#xA;&lt;MaxSlots&gt;2&lt;/MaxSlots&gt;&lt;/Configuration&gt;\" directory=\"/src/Größe\" />");

        var start = await owner.Link.ReadStartAsync();

        Assert.Equal(("<Configuration>\n<MaxSlots>2</MaxSlots></Configuration>", "/src/Größe"), start);
    }

    [Fact]
    public async Task An_owner_that_died_before_the_start_starts_nothing()
    {
        using var owner = new Owner();
        owner.Die();

        var start = await owner.Link.ReadStartAsync();

        Assert.Null(start);
    }

    [Fact]
    public async Task The_wait_ends_in_order_when_the_owner_says_so()
    {
        using var owner = new Owner();
        var waiting = owner.Link.WaitForEndAsync();

        owner.Say("<end />");

        Assert.True(await waiting);
    }

    [Fact]
    public async Task The_wait_ends_out_of_order_when_the_owner_dies()
    {
        using var owner = new Owner();
        var waiting = owner.Link.WaitForEndAsync();

        owner.Die();

        Assert.False(await waiting);
    }

    [Fact]
    public async Task The_wait_ends_out_of_order_when_the_owner_dies_in_the_middle_of_a_word()
    {
        using var owner = new Owner();
        var waiting = owner.Link.WaitForEndAsync();

        owner.Say("<test id=\"1\" na");
        owner.Die();

        Assert.False(await waiting);
    }

    [Fact]
    public async Task The_wait_goes_on_while_the_owner_is_silent()
    {
        using var owner = new Owner();
        owner.Say("<start configuration=\"\" directory=\"\" />");
        await owner.Link.ReadStartAsync();

        var waiting = owner.Link.WaitForEndAsync();

        Assert.False(waiting.IsCompleted);
        owner.Die();
        await waiting;
    }

    [Fact]
    public async Task What_is_said_of_tests_is_told_and_ends_nothing()
    {
        using var owner = new Owner();
        var told = new List<TestCase>();
        var waiting = owner.Link.WaitForEndAsync(told.Add);

        owner.Say("<test id=\"1\" name=\"N.C.M\" display=\"M\" />");
        owner.Say("<test id=\"1\" name=\"N.C.M\" display=\"M\" outcome=\"Failed\" />");
        owner.Say("<end />");

        Assert.True(await waiting);
        Assert.Equal([new TestCase("1", "N.C.M", "M", Outcome: null), new TestCase("1", "N.C.M", "M", "Failed")], told);
    }

    [Fact]
    public void The_answer_to_a_failed_test_names_it()
    {
        using var owner = new Owner();

        owner.Link.SendWantsTests();
        owner.Link.SendLooked("1", "/tmp/a.md");
        owner.Link.SendLooked("2", path: null);

        Assert.Equal("<tests />", owner.Hear());
        Assert.Equal("<looked test=\"1\" path=\"/tmp/a.md\" />", owner.Hear());
        Assert.Equal("<looked test=\"2\" path=\"\" />", owner.Hear());
    }

    [Fact]
    public void Messages_are_one_element_a_line()
    {
        using var owner = new Owner();

        owner.Link.SendVariable("NAME", "value");
        owner.Link.SendReady();
        owner.Link.SendAttachment("/tmp/report.json");
        owner.Link.SendEnded();

        Assert.Equal("<environment name=\"NAME\" value=\"value\" />", owner.Hear());
        Assert.Equal("<ready />", owner.Hear());
        Assert.Equal("<attachment path=\"/tmp/report.json\" />", owner.Hear());
        Assert.Equal("<ended />", owner.Hear());
    }

    [Fact]
    public void A_refusal_carries_its_code()
    {
        using var owner = new Owner();

        owner.Link.SendRefusal(new SchemaIsolationException("SI1001", "One option is wrong."));

        Assert.Equal("<refusal text=\"SI1001: One option is wrong.\" />", owner.Hear());
    }

    [Theory]
    [InlineData("a\nb\tc", "a&#xA;b&#x9;c")]
    [InlineData("a\r\nb", "a&#xD;&#xA;b")]
    [InlineData("a\0b\u001b[1mc", "ab[1mc")]
    [InlineData("<a & \"b\">", "&lt;a &amp; &quot;b&quot;&gt;")]
    [InlineData("Größe 😀", "Größe 😀")]
    public void A_text_never_breaks_its_line(string text, string sent)
    {
        using var owner = new Owner();

        owner.Link.SendAttachment(text);

        Assert.Equal($"<attachment path=\"{sent}\" />", owner.Hear());
    }

    [Fact]
    public void Warnings_and_errors_are_told_and_information_is_a_sign_of_life_alone()
    {
        using var owner = new Owner();

        owner.Link.Send(new LogEntry(DateTimeOffset.UnixEpoch, LogLevel.Information, "started"));
        owner.Link.Send(new LogEntry(DateTimeOffset.UnixEpoch, LogLevel.Warning, "coped"));
        owner.Link.Send(new LogEntry(DateTimeOffset.UnixEpoch, LogLevel.Error, "failed"));

        Assert.Equal("<busy />", owner.Hear());
        Assert.Equal("<warning text=\"coped\" />", owner.Hear());
        Assert.Equal("<error text=\"failed\" />", owner.Hear());
    }

    [Fact]
    public void Nobody_is_told_when_the_owner_is_gone()
    {
        using var owner = new Owner();
        owner.Die();

        var exception = Record.Exception(owner.Link.SendEnded);

        Assert.Null(exception);
    }

    [Fact]
    public void Messages_from_many_threads_do_not_mix()
    {
        using var output = new MemoryStream();
        var link = new OwnerLink(Stream.Null, output);

        Parallel.For(0, 200, _ => link.SendAttachment("/a/path/that/is/long/enough/to/be/cut"));

        output.Position = 0;
        using var reader = new StreamReader(output);
        var lines = reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(200, lines.Length);
        Assert.All(lines, line => Assert.Equal("<attachment path=\"/a/path/that/is/long/enough/to/be/cut\" />", line));
    }

    [Theory]
    [InlineData("a\ufffeb")]
    [InlineData("a\uffffb")]
    public void A_character_that_xml_has_no_place_for_is_left_out(string text)
    {
        using var owner = new Owner();

        owner.Link.SendAttachment(text);

        Assert.Equal("<attachment path=\"ab\" />", owner.Hear());
    }

    [Fact]
    public void Half_a_character_is_replaced()
    {
        using var owner = new Owner();

        owner.Link.SendAttachment("cut " + "😀"[0]);

        Assert.Equal("<attachment path=\"cut \ufffd\" />", owner.Hear());
    }
}
