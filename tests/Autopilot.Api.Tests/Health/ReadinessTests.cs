using Autopilot.Api.Health;
using Autopilot.Core.Rows;
using Autopilot.Core.Tracking;
using Autopilot.Core.Upstream;

namespace Autopilot.Api.Tests.Health;

public sealed class ReadinessTests
{
    private static readonly DateTimeOffset Start = ApiApp.Now;
    private static readonly TimeSpan Tick = TimeSpan.FromMinutes(1);
    private static readonly UpstreamStatus Good = new(null, null, null);

    [Fact]
    public void It_is_ready_while_every_shard_completed_within_three_intervals()
    {
        var readiness = Of(Boards(Start - 3 * Tick), Good, Start);
        Assert.Empty(readiness.Findings);
        Assert.Equal(Start - 3 * Tick, readiness.LastCompletedAt);
    }

    [Fact]
    public void It_names_the_shards_that_are_overdue_and_since_when()
    {
        var statuses = Boards(Start);
        statuses[3] = statuses[3]! with { CompletedAt = Start - 4 * Tick };
        statuses[15] = statuses[15]! with { CompletedAt = Start - 9 * Tick };
        var finding = Assert.Single(Of(statuses, Good, Start).Findings);
        Assert.Equal("CycleOverdue", finding.Code);
        Assert.Equal(["3", "f"], finding.Shards!);
        Assert.Equal(Start - 9 * Tick, finding.Since);
    }

    [Fact]
    public void A_fresh_deployment_has_three_intervals_to_complete_its_first_cycle()
    {
        Assert.Empty(Of(new ShardStatus?[16], Good, Start + 3 * Tick).Findings);
        Assert.Equal("NoCycleYet", Assert.Single(Of(new ShardStatus?[16], Good, Start + 3 * Tick + TimeSpan.FromTicks(1)).Findings).Code);
    }

    [Fact]
    public void A_status_without_a_completed_cycle_is_none()
    {
        var statuses = Boards(null);
        Assert.Equal("NoCycleYet", Assert.Single(Of(statuses, Good, Start + 4 * Tick).Findings).Code);
    }

    [Fact]
    public void A_shard_that_never_completed_is_overdue_three_intervals_after_the_start()
    {
        var statuses = Boards(Start + 4 * Tick);
        statuses[0] = null;
        Assert.Equal(["0"], Assert.Single(Of(statuses, Good, Start + 4 * Tick).Findings).Shards!);
        Assert.Null(Of(statuses, Good, Start + 4 * Tick).LastCompletedAt);
        Assert.Empty(Of(statuses, Good, Start + 2 * Tick).Findings);
    }

    [Fact]
    public void An_upstream_that_refuses_is_named_without_its_words()
    {
        var finding = Assert.Single(Of(Boards(Start), new UpstreamStatus(Start - Tick, "hunter2", null), Start).Findings);
        Assert.Equal(("UpstreamRejected", Start - Tick), (finding.Code, finding.Since));
        Assert.DoesNotContain("hunter2", finding.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void Everything_wrong_is_reported_at_once() =>
        Assert.Equal(
            ["CycleOverdue", "UpstreamRejected"],
            Of(Boards(Start - 5 * Tick), new UpstreamStatus(Start, "No.", null), Start).Findings.Select(finding => finding.Code)
        );

    [Fact]
    public void Shards_whose_status_a_newer_version_keeps_are_named_as_that_and_not_as_idle()
    {
        var statuses = Boards(Start);
        statuses[2] = new ShardStatus { Unreadable = 1, IsNewer = true };
        statuses[5] = statuses[5]! with { Unreadable = 3 };

        var early = Of(statuses, Good, Start + 3 * Tick);
        Assert.Empty(early.Findings);
        Assert.Equal([(1, "2"), (3, "5")], early.Warnings.Select(finding => (finding.Unreadable!.Value, Assert.Single(finding.Shards!))));
        Assert.Contains("newer version", early.Warnings[0].Detail, StringComparison.Ordinal);
        Assert.DoesNotContain("newer version", early.Warnings[1].Detail, StringComparison.Ordinal);

        statuses = [.. statuses.Select(status => status! with { CompletedAt = status.IsNewer ? null : Start + 4 * Tick })];
        var late = Assert.Single(Of(statuses, Good, Start + 4 * Tick).Findings);
        Assert.Equal(("CycleOverdue", "2"), (late.Code, Assert.Single(late.Shards!)));
        Assert.Contains("newer version keeps the status of 1 of 16 shards", late.Detail, StringComparison.Ordinal);

        var all = Assert.Single(
            Of([.. Shard.All.Select(_ => new ShardStatus { Unreadable = 1, IsNewer = true })], Good, Start + 4 * Tick).Findings
        );
        Assert.Equal(("CycleOverdue", 16), (all.Code, all.Shards!.Count));
    }

    private static ShardStatus?[] Boards(DateTimeOffset? completedAt) =>
        [.. Shard.All.Select(_ => new ShardStatus { CompletedAt = completedAt })];

    private static Readiness Of(IReadOnlyList<ShardStatus?> statuses, UpstreamStatus upstream, DateTimeOffset now) =>
        Readiness.Of(statuses, upstream, Tick, Start, now);
}
