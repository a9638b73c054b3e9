using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Autopilot.Infra.Tests;

/// <summary>
/// The workbook's queries, compared with the metrics that docs/server.md lists; the server's tests hold that page against what is
/// measured.
/// </summary>
public sealed partial class WorkbookTests(ReportedMetrics reported, BicepFixture bicep)
{
    private static readonly string[] Tables = ["AppMetrics", "AppTraces", "AppRequests", "AppAvailabilityResults"];

    private readonly Template _template = new(bicep.Template);

    private static JsonNode Workbook => JsonNode.Parse(Repository.Text("infra/workbook.json"))!;

    private static IEnumerable<JsonNode> Queries =>
        Workbook["items"]!.AsArray().Where(item => (int)item!["type"]! == 3).Select(item => item!["content"]!);

    private static IReadOnlyDictionary<string, IReadOnlySet<string>> Book => MetricCatalog.Read(Repository.Text("docs/server.md"));

    [Fact]
    public void Every_metric_and_tag_that_a_query_names_is_one_that_is_promised()
    {
        Assert.NotEmpty(Queries);
        Assert.All(Queries, query => Assert.Empty(Unknown((string)query["query"]!)));
    }

    [Theory]
    [InlineData("autopilot.cycles", "autopilot.cycle")]
    [InlineData("Properties.complete", "Properties.completed")]
    [InlineData("Properties[\"by\"]", "Properties[\"of\"]")]
    [InlineData("AppRequests", "AppRequest")]
    public void A_name_that_is_not_promised_is_found_out(string kept, string broken) =>
        Assert.Contains(Queries, query => Unknown(((string)query["query"]!).Replace(kept, broken, StringComparison.Ordinal)).Any());

    [Fact]
    public void A_tick_emits_no_tag_that_the_page_does_not_name() =>
        Assert.All(reported.Modes.Values.SelectMany(mode => mode), metric => Assert.Empty(metric.Value.Keys.Except(Book[metric.Key])));

    [Fact]
    public async Task It_is_listed_under_application_insights_and_asks_the_workspace()
    {
        var deployment = await Deployment.Default;
        var workbook = deployment.Single("Microsoft.Insights/workbooks")["properties"]!;
        var parameters = _template.Resources.Single(resource => resource.Name == "workbook").Resource["properties"]!["parameters"]!;

        Assert.Contains(".outputs.applicationInsightsId.", (string?)workbook["sourceId"], StringComparison.Ordinal);
        Assert.Contains("outputs.workspaceId.", (string?)parameters["workspaceId"]!["value"], StringComparison.Ordinal);
        Assert.Matches(@"', '\{workspaceId\}', reference\(.*\.outputs\.workspaceId\.value\)\]$", (string)workbook["serializedData"]!);
        Assert.Equal("{workspaceId}", (string?)Workbook["fallbackResourceIds"]![0]);
        Assert.All(Queries, query => Assert.Equal("{workspaceId}", (string?)query["crossComponentResources"]![0]));
        // A text that began so would be taken for an expression of the template.
        Assert.DoesNotContain(": \"[", Repository.Text("infra/workbook.json"), StringComparison.Ordinal);
    }

    [Fact]
    public void Every_item_has_a_name_of_its_own_and_follows_the_time_that_is_chosen()
    {
        Assert.Distinct(Workbook["items"]!.AsArray().Select(item => (string)item!["name"]!));
        var chosen = (string)Workbook["items"]![0]!["content"]!["parameters"]![0]!["name"]!;
        Assert.All(Queries, query => Assert.Equal(chosen, (string?)query["timeContextFromParameter"]));
        Assert.All(
            Queries.SelectMany(query => Parameter().Matches((string)query["query"]!)),
            match => Assert.Equal(chosen, match.Groups[1].Value)
        );
    }

    private static IEnumerable<string> Unknown(string query)
    {
        var table = query.Split(' ')[0];
        if (!Tables.Contains(table))
        {
            yield return $"table {table}";
        }

        if (table != "AppMetrics")
        {
            yield break;
        }

        var metrics = MetricName().Matches(query).Select(match => match.Value).ToList();
        if (metrics.Count == 0)
        {
            yield return "no metric";
        }

        foreach (var metric in metrics.Where(metric => !Book.ContainsKey(metric)))
        {
            yield return $"metric {metric}";
        }

        var tags = metrics.Where(Book.ContainsKey).SelectMany(metric => Book[metric]).ToHashSet(StringComparer.Ordinal);
        foreach (
            var tag in Tag().Matches(query).Select(match => match.Groups[1].Value + match.Groups[2].Value).Where(tag => !tags.Contains(tag))
        )
        {
            yield return $"tag {tag}";
        }
    }

    [GeneratedRegex(@"autopilot\.[a-z.]+")]
    private static partial Regex MetricName();

    [GeneratedRegex("""Properties(?:\.(\w+)|\["([^"]+)"\])""")]
    private static partial Regex Tag();

    [GeneratedRegex(@"\{(\w+):\w+\}")]
    private static partial Regex Parameter();
}
