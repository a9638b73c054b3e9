using Autopilot.Pages.Html;

namespace Autopilot.Pages.Tests.Html;

public sealed class HtmlWriterTests
{
    [Theory]
    [InlineData("<script>alert(1)</script>", "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>")]
    [InlineData("a\u202Eb\nc", "<p>a b c</p>")]
    [InlineData("升级 & é", "<p>升级 &amp; é</p>")]
    [InlineData(null, "<p></p>")]
    public void A_text_is_encoded_and_on_one_line(string? text, string expected) =>
        Assert.Equal(expected, new HtmlWriter().Element("p", text).ToString());

    [Fact]
    public void A_value_cannot_end_its_attribute() =>
        Assert.Equal(
            "<p title=\"&quot; onclick=&quot;alert(1)\"></p>",
            new HtmlWriter().Element("p", "", ("title", "\" onclick=\"alert(1)")).ToString()
        );

    [Theory]
    [InlineData("javascript:alert(1)")]
    [InlineData("//evil.example")]
    [InlineData("/\\evil.example")]
    [InlineData("http://evil.example")]
    [InlineData("data:text/html,x")]
    [InlineData("")]
    public void A_link_leads_to_a_path_or_to_https(string address) =>
        Assert.Throws<ArgumentException>(() => new HtmlWriter().Link(address, "x"));

    [Theory]
    [InlineData("style")]
    [InlineData("onclick")]
    [InlineData("ONLOAD")]
    public void Nothing_inline_is_written(string attribute) =>
        Assert.Throws<ArgumentException>(() => new HtmlWriter().Start("p", (attribute, "x")));

    [Fact]
    public void An_open_element_is_a_defect() => Assert.Throws<InvalidOperationException>(() => new HtmlWriter().Start("p").ToString());

    [Fact]
    public void A_length_of_time_that_goes_on_is_marked()
    {
        var since = new DateTimeOffset(2026, 11, 23, 8, 4, 0, TimeSpan.Zero);
        Assert.Equal(
            "Failed, for <span data-since=\"2026-11-23T08:04:00Z\">9 min</span>.",
            new HtmlWriter().Counting("Failed, for 9 min.", "9 min", since).ToString()
        );
        Assert.Equal("Failed, for 9 min.", new HtmlWriter().Counting("Failed, for 9 min.", "9 min", null).ToString());
        Assert.Equal("Failed.", new HtmlWriter().Counting("Failed.", "9 min", since).ToString());
    }
}
