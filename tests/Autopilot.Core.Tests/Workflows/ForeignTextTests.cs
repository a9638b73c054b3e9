using Autopilot.Core.Workflows;

namespace Autopilot.Core.Tests.Workflows;

public sealed class ForeignTextTests
{
    [Theory]
    [InlineData(10, null, null)]
    [InlineData(10, "", "")]
    [InlineData(20, "a\r\nb\tc\u2028d\u202Ee\u200Bf\0g", "a b c d e f g")]
    [InlineData(20, "\n a  b \t", " a  b ")]
    [InlineData(20, "  run 1", "  run 1")]
    [InlineData(20, "v1 \r\n\r\n v2: ", "v1 v2: ")]
    [InlineData(20, "\u001B[31mred", " [31mred")]
    [InlineData(10, "0123456789", "0123456789")]
    [InlineData(10, "01234567890", "012345678…")]
    [InlineData(11, "01234567😀x", "01234567😀x")]
    [InlineData(10, "012345678😀", "012345678…")]
    [InlineData(10, "01234567😀xyz", "01234567…")]
    [InlineData(1, "ab", "…")]
    public void A_text_of_others_becomes_one_printable_line(int most, string? text, string? line)
    {
        Assert.Equal(line, ForeignText.OneLine(text, most));
        if (text?.Length <= most)
        {
            Assert.Equal(line, ForeignText.OneLine(text));
        }
    }

    [Fact]
    public void Half_a_character_is_shown_as_one_that_is_broken() => Assert.Equal("a\uFFFDb", ForeignText.OneLine($"a{(char)0xD83D}b", 10));
}
