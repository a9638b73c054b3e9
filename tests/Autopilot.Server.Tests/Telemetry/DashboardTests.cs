using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Autopilot.Core.Workflows;
using Autopilot.Server.Tests.Running;
using Autopilot.Simulator.Fleet;

namespace Autopilot.Server.Tests.Telemetry;

/// <summary>What draws metrics or alerts on them, held against the metrics that a server has.</summary>
public sealed partial class DashboardTests(AzuriteFixture azurite)
{
    private static readonly string[] Words =
    [
        "sum",
        "by",
        "rate",
        "increase",
        "histogram_quantile",
        "or",
        "vector",
        "max",
        "count_over_time",
        "le",
        "job",
        "instance",
        "datasource",
    ];

    [Fact]
    public async Task The_page_names_every_metric_of_ours_with_every_tag_that_it_is_measured_by()
    {
        using var measured = await MeasureAsync();
        var book = Book();

        Assert.Equal(
            measured.All.Keys.Where(name => name.StartsWith("autopilot.", StringComparison.Ordinal)).Order(StringComparer.Ordinal),
            book.Keys.Order(StringComparer.Ordinal)
        );
        Assert.All(book, metric => Assert.Empty(measured.TagsOf(metric.Key).Except(metric.Value)));
        // The run did measure.
        Assert.All(
            ["autopilot.cycles", "autopilot.polls", "autopilot.workflows", "autopilot.storage.operations", "autopilot.discovery.looks"],
            name => Assert.Equal(book[name].Order(), measured.TagsOf(name).Order())
        );
        Assert.Equal(["http.response.status_code", "operation"], measured.TagsOf("autopilot.cce.request.duration").Order());
    }

    [Fact]
    public async Task Every_metric_and_label_of_the_dashboard_is_one_that_a_server_has()
    {
        using var measured = await MeasureAsync();
        var queries = DashboardQueries();

        Assert.NotEmpty(queries);
        Assert.All(queries, query => Assert.Empty(Unknown(query, measured)));
        Assert.Contains(
            Unknown(queries[0].Replace("autopilot_workflows", "autopilot_workflow", StringComparison.Ordinal), measured),
            fault => fault == "metric autopilot_workflow"
        );
        Assert.Contains(
            Unknown(queries[0].Replace("assessment", "state", StringComparison.Ordinal), measured),
            fault => fault == "label state"
        );
        Assert.Contains(
            Unknown(queries[0].Replace("Blocked", "Stuck", StringComparison.Ordinal), measured),
            fault => fault == "assessment Stuck"
        );
    }

    [Fact]
    public async Task The_dashboard_shows_every_metric_that_the_page_names()
    {
        using var measured = await MeasureAsync();
        var shown = string.Join('\n', DashboardQueries());

        Assert.All(
            Book().Keys,
            name =>
                Assert.Contains(
                    MeasuredInstruments.PrometheusNames(measured.All[name]),
                    prometheus => Regex.IsMatch(shown, $@"\b{prometheus}\b")
                )
        );
    }

    [Fact]
    public async Task Every_metric_and_label_of_the_alerts_is_one_that_a_server_has()
    {
        using var measured = await MeasureAsync();
        var rules = YamlFile.Read("infra/server/rules.yaml")["groups"]![0]!["rules"]!.AsArray();

        Assert.NotEmpty(rules);
        Assert.All(rules, rule => Assert.Empty(Unknown((string)rule!["expr"]!, measured)));
        Assert.All(
            rules,
            rule =>
                Assert.Contains(
                    $"\n### {((string)rule!["annotations"]!["runbook"]!).Split('#')[1]}\n",
                    Repository.Text("docs/operations.md"),
                    StringComparison.Ordinal
                )
        );
    }

    [Fact]
    public void Panels_have_numbers_of_their_own_a_source_and_room()
    {
        var panels = Dashboard()["panels"]!.AsArray().Select(panel => panel!.AsObject()).ToList();

        Assert.Distinct(panels.Select(panel => (int)panel["id"]!));
        Assert.All(panels, panel => Assert.InRange((int)panel["gridPos"]!["x"]! + (int)panel["gridPos"]!["w"]!, 1, 24));
        var places = panels.SelectMany(panel => Cells(panel["gridPos"]!)).ToList();
        Assert.Distinct(places);
        Assert.All(
            panels.Where(panel => (string?)panel["type"] != "row"),
            panel =>
                Assert.All(panel["targets"]!.AsArray(), target => Assert.Equal("${datasource}", (string?)target!["datasource"]!["uid"]))
        );

        static IEnumerable<(int, int)> Cells(JsonNode place) =>
            from x in Enumerable.Range((int)place["x"]!, (int)place["w"]!)
            from y in Enumerable.Range((int)place["y"]!, (int)place["h"]!)
            select (x, y);
    }

    private static JsonObject Dashboard() => JsonNode.Parse(Repository.Text("infra/grafana/autopilot.json"))!.AsObject();

    private static List<string> DashboardQueries() =>
        [
            .. Dashboard()["panels"]!
                .AsArray()
                .SelectMany(panel => panel!["targets"]?.AsArray() ?? [])
                .Select(target => (string)target!["expr"]!),
        ];

    private static IReadOnlyDictionary<string, IReadOnlySet<string>> Book() => MetricCatalog.Read(Repository.Text("docs/server.md"));

    /// <summary>A cycle with discovery, and a question.</summary>
    private async Task<MeasuredInstruments> MeasureAsync()
    {
        var measured = new MeasuredInstruments();
        var fleet = SimulatedFleet.Create(2, seed: 7);
        await using var upstream = await Upstream.StartAsync(fleet);
        var settings = upstream.Settings(azurite.ConnectionString, fleet);
        settings["Tracking:Clusters:0"] = $"{fleet.Workflows[0].ProjectId}/{fleet.Workflows[0].ClusterId}";
        await using var server = await RunningServer.StartAsync(settings);
        using (await server.Client.PostAsync("/api/poll", null, TestContext.Current.CancellationToken))
        using (await server.Client.GetAsync("/api/workflows", TestContext.Current.CancellationToken))
        {
            measured.Observe();
        }

        return measured;
    }

    private static IEnumerable<string> Unknown(string query, MeasuredInstruments measured)
    {
        var names = measured
            .All.Values.SelectMany(instrument => MeasuredInstruments.PrometheusNames(instrument).Select(name => (name, instrument.Name)))
            .ToDictionary(StringComparer.Ordinal);
        var book = Book();
        var metrics = MetricName().Matches(query).Select(match => match.Value).Distinct().ToList();
        foreach (var metric in metrics.Where(metric => !names.ContainsKey(metric)))
        {
            yield return $"metric {metric}";
        }

        var tags = metrics
            .Where(names.ContainsKey)
            .Select(metric => names[metric])
            .SelectMany(name => book.TryGetValue(name, out var promised) ? promised : measured.TagsOf(name))
            .Select(tag => tag.Replace('.', '_'))
            .ToHashSet(StringComparer.Ordinal);
        var rest = Quoted().Replace(MetricName().Replace(query, ""), "");
        foreach (var label in Word().Matches(rest).Select(match => match.Value).Except(Words).Where(word => !tags.Contains(word)))
        {
            yield return $"label {label}";
        }

        foreach (
            var assessment in Assessed()
                .Matches(query)
                .Select(match => match.Groups[1].Value)
                .Where(value => !Enum.IsDefined(typeof(Assessment), value))
        )
        {
            yield return $"assessment {assessment}";
        }
    }

    [GeneratedRegex(@"\b(autopilot|http|dotnet)_\w+\b(?=\{)")]
    private static partial Regex MetricName();

    [GeneratedRegex("\"[^\"]*\"")]
    private static partial Regex Quoted();

    [GeneratedRegex(@"(?<![\w$.])[a-z_]{2,}\b(?!\])")]
    private static partial Regex Word();

    [GeneratedRegex("assessment=\"([^\"]*)\"")]
    private static partial Regex Assessed();
}
