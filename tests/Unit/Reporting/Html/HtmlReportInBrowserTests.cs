using SchemaIsolation.Keeper.Reporting.Html;
using SchemaIsolation.Tests.Unit.Servers;

namespace SchemaIsolation.Tests.Unit.Reporting.Html;

[Collection(nameof(ProcessCollection))]
public sealed class HtmlReportInBrowserTests(Chromium browser) : IClassFixture<Chromium>
{
    private const string Painted = "[...new Uint32Array(document.getElementById('leases').getContext('2d').getImageData(0, 0, 1000, 200).data.buffer)].filter(pixel => pixel !== 0).length > 2000";

    [Fact]
    public async Task Five_thousand_leases_are_drawn_and_listed_a_page_at_a_time()
    {
        var page = await browser.OpenAsync(HtmlReport.Render(SampleReports.Of(5_000)));

        Assert.Equal("true", await page.ReadAsync(Painted));
        Assert.Equal("50", await page.ReadAsync("document.querySelectorAll('#table tbody tr').length"));
        Assert.Equal("1 to 50 of 5000", await page.ReadAsync("document.getElementById('page').textContent"));
        Assert.Empty(page.Errors);
    }

    [Fact]
    public async Task Leases_are_found_by_the_name_of_their_test()
    {
        var page = await browser.OpenAsync(HtmlReport.Render(SampleReports.Of(5_000)));

        await page.ReadAsync("document.getElementById('filter').focus()");
        await page.PressAsync([.. "_4711_".Select(key => key.ToString())]);

        Assert.Equal("OrderTests.Order_4711_is_kept", await page.ReadAsync("[...document.querySelectorAll('#table tbody td.name')].map(cell => cell.textContent).join()"));
        Assert.Equal("1 to 1 of 1", await page.ReadAsync("document.getElementById('page').textContent"));
    }

    [Fact]
    public async Task The_timeline_is_used_by_keys_and_says_where_it_is()
    {
        var page = await browser.OpenAsync(HtmlReport.Render(SampleReports.Of(200)));
        await page.ReadAsync("document.getElementById('leases').focus()");

        await page.PressAsync("ArrowRight", "ArrowRight", "+", "End");
        var told = await page.ReadAsync("document.getElementById('told').textContent");
        await page.PressAsync("Enter");

        Assert.Matches("^OrderTests\\.Order_\\d+_is_kept: lease \\d+ in si_d_0a1b2c3d_\\d+, granted after .+, waited .+, held .+, released\\.$", told);
        Assert.Equal(told[..told.IndexOf(':', StringComparison.Ordinal)], await page.ReadAsync("document.activeElement.closest('tr').querySelector('.name').textContent"));
        Assert.Empty(page.Errors);
    }

    [Fact]
    public async Task A_test_whose_name_is_a_script_is_shown_by_its_name()
    {
        var page = await browser.OpenAsync(HtmlReport.Render(SampleReports.Troubled()));

        Assert.Equal("App.Tests: red", await page.ReadAsync("document.title"));
        Assert.Equal(SampleReports.Harmful, await page.ReadAsync("document.querySelectorAll('#table tbody .name')[20].textContent"));
        Assert.Equal("0", await page.ReadAsync("document.images.length"));
        Assert.Empty(page.Errors);
    }

    [Theory]
    [InlineData("light", "rgb(246, 247, 249)")]
    [InlineData("dark", "rgb(15, 19, 24)")]
    public async Task It_is_as_light_or_dark_as_its_reader_wants(string scheme, string background)
    {
        var page = await browser.OpenAsync(HtmlReport.Render(SampleReports.Troubled()), scheme);

        Assert.Equal(background, await page.ReadAsync("getComputedStyle(document.documentElement).backgroundColor"));
        Assert.Equal("", await page.ReadAsync(Contrast.TooLow));
        Assert.Equal("true", await page.ReadAsync(Painted));
    }

    [Fact]
    public async Task Without_its_script_it_shows_nothing_that_would_not_work()
    {
        var content = HtmlReport.Render(SampleReports.Troubled());

        var page = await browser.OpenAsync(content[..content.LastIndexOf("<script>", StringComparison.Ordinal)]);

        Assert.Equal("", await page.ReadAsync("[...document.querySelectorAll('button, input, canvas')].filter(element => element.checkVisibility()).map(element => element.id).join()"));
        Assert.Equal("7", await page.ReadAsync("[...document.querySelectorAll('table')].filter(element => element.checkVisibility()).length"));
        Assert.Empty(page.Errors);
    }

    [Fact]
    public async Task On_a_narrow_screen_nothing_but_tables_is_wider_than_it()
    {
        var page = await browser.OpenAsync(HtmlReport.Render(SampleReports.Troubled()), width: 400);

        Assert.Equal("true", await page.ReadAsync("document.documentElement.scrollWidth <= document.documentElement.clientWidth"));
    }
}
