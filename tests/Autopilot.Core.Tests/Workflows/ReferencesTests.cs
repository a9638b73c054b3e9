using Autopilot.Core.Settings;
using Autopilot.Core.Upstream;
using Autopilot.Core.Workflows;
using Autopilot.Core.Workflows.Actions;
using Microsoft.Extensions.Configuration;
using static Autopilot.Core.Tests.Workflows.States;

namespace Autopilot.Core.Tests.Workflows;

/// <summary>Pages that say more: upstream's, from one table, and the console's, by setting.</summary>
public sealed class ReferencesTests
{
    [Theory]
    [InlineData("Cluster", "Failed", "usermanual-cce/cce_11_0301.html")]
    [InlineData("PostCheck", "Failed", "usermanual-cce/cce_11_0301.html")]
    [InlineData("PreCheck", "Failed", "usermanual-cce-autopilot/cce_11_0549.html")]
    [InlineData("Rollback", "Failed", "usermanual-cce-autopilot/cce_11_0302.html")]
    [InlineData("Rollback", "Running", "usermanual-cce-autopilot/cce_11_0302.html")]
    [InlineData("Cluster", "Running", null)]
    [InlineData("Novel", "Failed", null)]
    public void A_blocking_task_has_the_page_of_its_topic_and_none_without_one(string type, string status, string? page) =>
        Assert.Equal(
            page is null ? null : [$"https://support.huaweicloud.com/intl/en-us/{page}"],
            Summary(Task(UpgradeTaskType.From(type), UpgradeTaskStatus.From(status), "t", 10, status == "Failed" ? 11 : null))
                .BlockingTask!.References?.Select(reference => reference.Url)
        );

    [Fact]
    public void An_insight_has_the_pages_of_its_code_and_none_without_one()
    {
        var row = WorkflowReplay.Observe(
            WorkflowReplay.New(),
            State(Task(UpgradeTaskType.PreCheck, UpgradeTaskStatus.From("Novel"), "p", 10, 11)),
            At(15)
        ) with
        {
            Failure = new PollFailure(UpstreamFailure.Denied, "CCE.01403001", "no", At(16), 1),
        };

        var insights = WorkflowSummarizer.Summarize(row, Baseline.Empty, stale: true).Insights;

        Assert.EndsWith("/ErrorCode.md", Assert.Single(Of("UpstreamError")!).Url, StringComparison.Ordinal);
        Assert.EndsWith("autopilot_upgrade_management.html", Assert.Single(Of("UnknownValue")!).Url, StringComparison.Ordinal);
        Assert.Null(Of("StaleData"));

        IReadOnlyList<ReferenceLink>? Of(string code) => insights.Single(insight => insight.Code == code).References;
    }

    [Fact]
    public void The_gateways_own_codes_are_not_in_the_list_of_codes()
    {
        var row = WorkflowReplay.Observe(
            WorkflowReplay.New(),
            State(Task(UpgradeTaskType.PreCheck, UpgradeTaskStatus.Running)),
            At(15)
        ) with
        {
            Failure = new PollFailure(UpstreamFailure.Throttled, "APIGW.0308", "no", At(16), 1),
        };

        Assert.Null(
            WorkflowSummarizer.Summarize(row, Baseline.Empty, stale: false).Insights.Single(one => one.Code == "UpstreamError").References
        );
    }

    [Fact]
    public void The_console_is_linked_where_it_is_set_with_encoded_ids()
    {
        var console = Read(
            ("Cce:ConsoleUrl", "https://console.example/cce?region={region}#/cluster/{clusterId}/{projectId}"),
            ("Cce:Region", "ap-southeast-3")
        );
        var summary = Summary(Task(UpgradeTaskType.Cluster, UpgradeTaskStatus.Failed, "t", 10, 11)) with
        {
            ClusterId = "c/1",
            ProjectId = "p 1",
        };

        var linked = console.AddTo(summary);

        Assert.Equal(
            ["https://console.example/cce?region=ap-southeast-3#/cluster/c%2F1/p%201", summary.BlockingTask!.References![0].Url],
            linked.BlockingTask!.References!.Select(reference => reference.Url)
        );
        Assert.Same(summary, new ConsoleOptions().AddTo(summary));
        var unknown = summary with { ClusterId = null };
        Assert.Same(unknown, console.AddTo(unknown));
    }

    [Fact]
    public void Insights_that_lead_to_the_console_link_to_it_and_others_do_not()
    {
        var summary = Summary(Task(UpgradeTaskType.PreCheck, UpgradeTaskStatus.Running, "p", 10)) with
        {
            ClusterId = "c",
            Insights = [Insight(UpgradeAction.LookInConsole), Insight(UpgradeAction.Wait), Insight()],
        };

        var linked = Read(("Cce:ConsoleUrl", "https://console.example/{clusterId}")).AddTo(summary);

        Assert.Equal([1, null, null], linked.Insights.Select(insight => insight.References?.Count));

        static Insight Insight(params UpgradeAction[] actions) =>
            new()
            {
                Code = "X",
                Level = InsightLevel.Info,
                Summary = "s",
                Actions = actions,
            };
    }

    [Theory]
    [InlineData("http://console.example/{clusterId}")]
    [InlineData("https://user@console.example/")]
    [InlineData("https://{region}.example/")]
    [InlineData("https://console.example/{workflowId}")]
    [InlineData("https://console.example/{clusterId")]
    [InlineData("console")]
    public void An_address_of_another_form_is_refused_at_start(string address) =>
        Assert.Equal(
            [
                "Cce:ConsoleUrl is no such address: give an https address, which may hold {region}, {projectId} and {clusterId} behind its "
                    + "host, and no user.",
            ],
            FailuresOf(("Cce:ConsoleUrl", address), ("Cce:Region", "r"))
        );

    [Fact]
    public void A_place_for_the_region_needs_the_region() =>
        Assert.Equal(
            ["Cce:ConsoleUrl holds {region}, but Cce:Region is not set: set it, or write the region into the address."],
            FailuresOf(("Cce:ConsoleUrl", "https://console.example/{region}"))
        );

    private static WorkflowSummary Summary(UpgradeTask task) =>
        WorkflowSummarizer.Summarize(WorkflowReplay.Observe(WorkflowReplay.New(), State(task), At(15)), Baseline.Empty, stale: false);

    private static ConsoleOptions Read(params (string Name, string Value)[] settings)
    {
        var options = new ConsoleOptions();
        var reader = Reader(settings);
        ConsoleOptions.Read(options, reader);
        Assert.Empty(reader.Failures);
        return options;
    }

    private static IReadOnlyList<string> FailuresOf(params (string Name, string Value)[] settings)
    {
        var reader = Reader(settings);
        ConsoleOptions.Read(new ConsoleOptions(), reader);
        return reader.Failures;
    }

    private static SettingsReader Reader((string Name, string Value)[] settings) =>
        new(
            new ConfigurationBuilder()
                .AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Name, (string?)setting.Value)))
                .Build()
        );
}
