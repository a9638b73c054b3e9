using System.Text;
using Autopilot.Api.Representations;
using Autopilot.Api.Workflows;
using Autopilot.Core.Workflows;
using Microsoft.Extensions.Options;

namespace Autopilot.Api.Tests.Workflows;

/// <summary>An answer is written once for as long as nothing that it depends on changes.</summary>
public sealed class SummaryResponseCacheTests
{
    private static readonly TrackedWorkflow Row = new()
    {
        Target = ApiApp.Target("w1"),
        TrackedAt = ApiApp.Now,
        ObservedAt = ApiApp.Now,
    };

    private static readonly Freshness Fresh = new(Stale: false, ExpiredUnread: false);
    private static readonly Freshness Stale = new(Stale: true, ExpiredUnread: false);

    private readonly SummaryResponseCache _written = new(Options.Create(new ConsoleOptions()));

    [Fact]
    public void The_same_row_is_written_once() =>
        Assert.Same(_written.Write(Row, Baseline.Empty, Fresh, Format.Json), _written.Write(Row, Baseline.Empty, Fresh, Format.Json));

    [Fact]
    public void Another_version_of_the_row_is_serialized_again()
    {
        var before = _written.Write(Row, Baseline.Empty, Fresh, Format.Json);
        var after = _written.Write(Row with { ClusterName = "shop" }, Baseline.Empty, Fresh, Format.Json);
        Assert.DoesNotContain("shop", Text(before), StringComparison.Ordinal);
        Assert.Contains("\"clusterName\":\"shop\"", Text(after), StringComparison.Ordinal);
        Assert.NotEqual(before.Tag, after.Tag);
    }

    [Fact]
    public void Turning_stale_and_fresh_again_changes_the_bytes_and_the_tag()
    {
        var fresh = _written.Write(Row, Baseline.Empty, Fresh, Format.Json);
        var stale = _written.Write(Row, Baseline.Empty, Stale, Format.Json);
        Assert.Contains("\"stale\":true", Text(stale), StringComparison.Ordinal);
        Assert.NotEqual(fresh.Tag, stale.Tag);
        Assert.Equal(fresh.Tag, _written.Write(Row, Baseline.Empty, Fresh, Format.Json).Tag);
    }

    [Fact]
    public void A_result_that_expires_without_a_read_is_another_answer()
    {
        var state = new UpgradeWorkflow
        {
            Phase = WorkflowPhase.Running,
            Tasks =
            [
                new UpgradeTask
                {
                    Type = UpgradeTaskType.PreCheck,
                    TaskId = "t1",
                    Status = UpgradeTaskStatus.Success,
                    StartedAt = ApiApp.Now.AddMinutes(-2),
                    EndedAt = ApiApp.Now.AddMinutes(-1),
                    ExpiresAt = ApiApp.Now.AddHours(1),
                },
            ],
        };
        var row = Row with { State = state, Tracked = false };

        Freshness At(double hours) => Freshness.Of(row, ApiApp.Now.AddHours(hours), TimeSpan.FromMinutes(1));
        var valid = Text(_written.Write(row, Baseline.Empty, At(0.9), Format.Text));
        var expired = Text(_written.Write(row, Baseline.Empty, At(1), Format.Text));

        Assert.Contains("start the cluster upgrade", valid, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("start the cluster upgrade", expired, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("run the pre-check again", expired, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void Another_baseline_is_another_answer() =>
        Assert.NotSame(_written.Write(Row, Baseline.Empty, Fresh, Format.Json), _written.Write(Row, new Baseline([]), Fresh, Format.Json));

    [Fact]
    public void Each_format_is_written_as_itself_whichever_was_asked_for_before()
    {
        foreach (var format in (Format[])[Format.Json, Format.Markdown, Format.Text, Format.Card, Format.Json])
        {
            var expected = WorkflowFormats.Summary.Write(WorkflowSummarizer.Summarize(Row, Baseline.Empty, stale: false), format);
            Assert.Equal(Encoding.UTF8.GetString(expected.Span), Text(_written.Write(Row, Baseline.Empty, Fresh, format)));
        }
    }

    private static string Text(TaggedBody body) => Encoding.UTF8.GetString(body.Bytes.Span);
}
