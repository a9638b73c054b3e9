using Autopilot.Formats.Writing;

namespace Autopilot.Formats.Tests.Writing;

/// <summary>Nobody's words become anything but words.</summary>
public sealed class MarkdownTextTests
{
    [Theory]
    [InlineData("checkout-jakarta-1", "checkout-jakarta-1")]
    [InlineData("v1.28.6-r0", "v1.28.6-r0")]
    [InlineData("[click](https://evil.example)", @"\[click\]\(https\:" + "\u200B" + @"//evil.example\)")]
    [InlineData("![x](y)", @"\!\[x\]\(y\)")]
    [InlineData("www.evil.example", "www\u200B.evil.example")]
    [InlineData("a@evil.example", "a\\@\u200Bevil.example")]
    [InlineData("<b onclick=x>", @"\<b onclick=x\>")]
    [InlineData("a|b", @"a\|b")]
    [InlineData("# head", @"\# head")]
    [InlineData("- item", @"\- item")]
    [InlineData("1. item", @"1\. item")]
    [InlineData("a\r\n\r\nb", "a    b")]
    [InlineData("*_`~", @"\*\_\`\~")]
    [InlineData("&lt;", @"\&lt;")]
    [InlineData(null, "")]
    public void Marks_are_signs_and_nothing_else(string? text, string expected) => Assert.Equal(expected, MarkdownText.Escaped(text));

    [Fact]
    public void What_is_too_long_ends_in_an_ellipsis() => Assert.Equal("abc…", MarkdownText.Escaped("abcdef", 4));
}
