using Autopilot.Formats.Writing;

namespace Autopilot.Formats.Tests.Writing;

/// <summary>Foreign text stays text.</summary>
public sealed class MarkdownTextTests
{
    [Theory]
    [InlineData("checkout-jakarta-1", "checkout-jakarta-1")]
    [InlineData("v1.28.6-r0", "v1.28.6-r0")]
    [InlineData("[click](https://evil.example)", @"\[click\]\(https\:" + "\u200B" + @"//evil.example)")]
    [InlineData("![x](y)", @"\!\[x\]\(y)")]
    [InlineData("www.evil.example", "www\u200B.evil.example")]
    [InlineData("a@evil.example", "a\\@\u200Bevil.example")]
    [InlineData("<b onclick=x>", @"\<b onclick=x\>")]
    [InlineData("It failed (twice): mend it. Then go on.", "It failed (twice): mend it. Then go on.")]
    [InlineData("1) item", @"1\) item")]
    [InlineData("$x$ ^y^", @"\$x\$ \^y\^")]
    [InlineData("a|b", @"a\|b")]
    [InlineData("# head", @"\# head")]
    [InlineData("- item", @"\- item")]
    [InlineData("1. item", @"1\. item")]
    [InlineData("a\r\n\r\nb", "a b")]
    [InlineData("*_`~", @"\*\_\`\~")]
    [InlineData("&lt;", @"\&lt;")]
    [InlineData(null, "")]
    public void Marks_are_signs_and_nothing_else(string? text, string expected) => Assert.Equal(expected, MarkdownText.Escaped(text));

    [Theory]
    [InlineData("/api/workflows?a=b_c", "`/api/workflows?a=b_c`")]
    [InlineData("a`b``c", "``` a`b``c ```")]
    [InlineData("`", "`` ` ``")]
    [InlineData(" ", "")]
    public void Code_stays_code_whatever_is_in_it(string text, string expected) => Assert.Equal(expected, MarkdownText.Code(text));

    [Fact]
    public void What_is_too_long_ends_in_an_ellipsis() => Assert.Equal("abc…", MarkdownText.Escaped("abcdef", 4));
}
