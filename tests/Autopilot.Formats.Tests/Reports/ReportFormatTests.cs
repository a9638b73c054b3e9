using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using Autopilot.Formats.Reports;

namespace Autopilot.Formats.Tests.Reports;

/// <summary>What people see, byte for byte. With <c>UPDATE_GOLDEN=1</c> the tests write what they got: read the diff, and look at the pictures.</summary>
public sealed class ReportFormatTests
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static TheoryData<string> Names => [.. Reports.Names];

    [Theory]
    [MemberData(nameof(Names))]
    public void Markdown_is_what_was_read_and_found_good(string name) => AssertGolden($"{name}.md", Encoding.UTF8.GetString(ReportMarkdown.Write(Reports.Of(name)).Span));

    [Theory]
    [MemberData(nameof(Names))]
    public void Cards_are_what_was_read_and_found_good(string name)
    {
        using var card = JsonDocument.Parse(ReportCard.Write(Reports.Of(name)));
        AssertGolden($"{name}.card.json", JsonSerializer.Serialize(card.RootElement, Indented) + "\n");
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Pictures_are_what_was_looked_at_and_found_good(string name) => AssertGolden($"{name}.svg", Picture(name, ReportChart.All));

    [Theory]
    [InlineData(ReportChart.RunTime)]
    [InlineData(ReportChart.Outcomes)]
    [InlineData(ReportChart.Tasks)]
    public void Each_chart_stands_alone_too(ReportChart chart) => AssertGolden($"year.{chart}.svg", Picture("year", chart));

    private static string Picture(string name, ReportChart chart) => Encoding.UTF8.GetString(ReportSvg.Write(Reports.Of(name), chart).Span) + "\n";

    private static void AssertGolden(string name, string got, [CallerFilePath] string here = "")
    {
        var path = Path.Combine(Path.GetDirectoryName(here)!, "Golden", name);
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
        {
            File.WriteAllText(path, got, new UTF8Encoding(false));
        }

        Assert.Equal(File.ReadAllText(path), got);
    }
}
