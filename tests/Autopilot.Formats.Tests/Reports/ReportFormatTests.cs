using System.Text;
using System.Text.Json;
using Autopilot.Formats.Reports;

namespace Autopilot.Formats.Tests.Reports;

/// <summary>
/// What people see, byte for byte. With <c>UPDATE_GOLDEN=1</c> the tests write what they got: read the diff, and look at the pictures.
/// </summary>
public sealed class ReportFormatTests
{
    private static readonly JsonSerializerOptions Indented = new()
    {
        WriteIndented = true,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static TheoryData<string> Names => [.. Reports.Names];

    [Theory]
    [MemberData(nameof(Names))]
    public void Markdown_is_what_was_read_and_found_good(string name) =>
        Golden.Matches($"{name}.md", ReportMarkdown.Write(Reports.Of(name)));

    [Theory]
    [MemberData(nameof(Names))]
    public void Cards_are_what_was_read_and_found_good(string name)
    {
        using var card = JsonDocument.Parse(ReportCard.Write(Reports.Of(name)));
        Golden.Matches($"{name}.card.json", JsonSerializer.Serialize(card.RootElement, Indented) + "\n");
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Pictures_equal_the_reviewed_ones(string name) => Golden.Matches($"{name}.svg", Picture(name, ReportChart.All));

    [Theory]
    [InlineData(ReportChart.RunTime)]
    [InlineData(ReportChart.Outcomes)]
    [InlineData(ReportChart.Tasks)]
    public void Each_chart_stands_alone_too(ReportChart chart) => Golden.Matches($"year.{chart}.svg", Picture("year", chart));

    private static string Picture(string name, ReportChart chart) =>
        Encoding.UTF8.GetString(ReportSvg.Write(Reports.Of(name), chart).Span) + "\n";
}
