using System.Diagnostics;
using System.Text;
using Autopilot.Api.Representations;

namespace Autopilot.Api.Tests.Representations;

public sealed class FormatWritersTests
{
    private static readonly FormatWriters<string> Writers = new FormatWriters<string>()
        .Add(Format.Json, value => Encoding.UTF8.GetBytes(value))
        .AddText(Format.Text, value => $"§{value}");

    [Fact]
    public void Each_format_is_written_by_its_own_writer_in_UTF_8()
    {
        Assert.Equal([Format.Json, Format.Text], Writers.Formats);
        Assert.Equal("7", Encoding.UTF8.GetString(Writers.Write("7", Format.Json).Span));
        Assert.Equal("§7", Encoding.UTF8.GetString(Writers.Write("7", Format.Text).Span));
    }

    [Fact]
    public void A_format_without_a_writer_is_a_defect_and_not_JSON() =>
        Assert.Throws<UnreachableException>(() => Writers.Write("7", Format.Markdown));

    [Fact]
    public void Each_format_has_a_name_and_a_media_type_of_its_own()
    {
        Assert.Distinct(Format.All.Select(format => format.Name));
        Assert.Distinct(Format.All.Select(format => format.MediaType));
        Assert.All(Format.All, format => Assert.Equal($"{format.MediaType}; charset=utf-8", format.ContentType));
    }
}
