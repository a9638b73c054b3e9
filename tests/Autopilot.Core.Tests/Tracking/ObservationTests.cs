using System.Text;
using Autopilot.Core.Rows;
using Autopilot.Core.Tracking;
using Autopilot.Core.Upstream;
using Autopilot.Core.Workflows;
using Microsoft.Extensions.Time.Testing;

namespace Autopilot.Core.Tests.Tracking;

/// <summary>What one answer, or one failure, makes of a row.</summary>
public sealed class ObservationTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly WorkflowTarget Target = new("p1", "c1", "w1");
    private static readonly TrackedWorkflow New = new() { Target = Target };
    private static readonly PollingOptions Options = new();

    [Theory]
    [InlineData("{}", false)]
    [InlineData("""{"phase":""}""", false)]
    [InlineData("""{"phase":"Init"}""", true)]
    [InlineData("""{"phase":"","pointStatuses":[{"taskType":"PreCheck"}]}""", true)]
    [InlineData("""{"pointStatuses":[{"taskType":"PreCheck"}]}""", true)]
    public void An_answer_with_neither_a_phase_nor_tasks_stands_for_nothing(string status, bool stands)
    {
        var rejection = ObservedWorkflow.Refusal(Target, Read($$"""{"status":{{status}} }"""));

        Assert.Equal(stands ? null : "Upstream answered with a workflow that has neither a phase nor tasks.", rejection?.Message);
        Assert.True(stands || rejection!.Failure is UpstreamFailure.Invalid);
    }

    [Theory]
    [InlineData("w1", true)]
    [InlineData("W1", true)]
    [InlineData("w2", false)]
    public void An_answer_about_another_workflow_is_refused(string id, bool stands)
    {
        var rejection = ObservedWorkflow.Refusal(Target, Read($$"""{"metadata":{"uid":"{{id}}"},"status":{"phase":"Init"} }"""));

        Assert.Equal(stands ? null : "Upstream answered with another workflow than the one that was asked for.", rejection?.Message);
    }

    [Theory]
    [InlineData("c1", true)]
    [InlineData("C1", true)]
    [InlineData("c2", false)]
    public void An_answer_about_another_cluster_is_refused(string clusterId, bool stands)
    {
        var rejection = ObservedWorkflow.Refusal(Target, Read($$"""{"spec":{"clusterID":"{{clusterId}}"},"status":{"phase":"Init"} }"""));

        Assert.Equal(
            stands ? null : "Upstream answered with a workflow of another cluster than the one that was asked for.",
            rejection?.Message
        );
    }

    [Fact]
    public void A_phase_counts_from_its_first_observation()
    {
        var row = Answer(New, ScriptedSource.Document(Target, "Running", "a"), 0);
        Assert.Equal(Start, row.PhaseSince);
        row = Answer(row, ScriptedSource.Document(Target, "Running", "b"), 1);
        Assert.Equal(Start, row.PhaseSince);
        row = Answer(row, ScriptedSource.Document(Target, "Pending", "b"), 2);
        Assert.Equal(Start.AddMinutes(2), row.PhaseSince);
    }

    [Theory]
    [InlineData("Success", null, false)]
    [InlineData("Cancel", null, false)]
    [InlineData("Running", null, true)]
    [InlineData("Running", "Success", true)]
    [InlineData("Pending", "Cancel", true)]
    public void What_had_ended_at_its_first_read_was_not_seen_live(string first, string? second, bool live)
    {
        var row = Answer(
            New with
            {
                Failure = new(UpstreamFailure.Throttled, null, "", Start, 1),
            },
            ScriptedSource.Document(Target, first),
            0
        );
        row = second is null ? row : Answer(row, ScriptedSource.Document(Target, second), 1);

        Assert.Equal(live, row.SeenLive);
        Assert.Equal(live, Answer(row, ScriptedSource.Document(Target, second ?? first), 5).SeenLive);
    }

    [Fact]
    public void A_row_of_an_earlier_version_learns_which_lines_are_critical_without_a_change()
    {
        var observation = Read(
            """
            {"metadata":{"uid":"w1"},"spec":{"clusterID":"c1"},"status":{"phase":"Init",
             "pointStatuses":[{"taskType":"PreCheck"},{"taskType":"Cluster"}],
             "lineStatuses":[{"startPoint":{"taskType":"PreCheck"},"endPoint":{"taskType":"Cluster"},"critical":"true"}]} }
            """
        );
        var row = Answer(New, observation, 0);
        row = row with { State = row.State! with { Dependencies = [new(UpgradeTaskType.PreCheck, UpgradeTaskType.Cluster)] } };
        Assert.Contains("cancel the workflow", Summarize(row).Headline, StringComparison.Ordinal);

        var write = ObservedWorkflow.Answered(row, observation, Baseline.Empty, Start.AddMinutes(1), TimeSpan.FromMinutes(1));

        Assert.Null(write.Appended);
        Assert.Equal((row.Sequence, row.LastChangedAt), (write.After.Sequence, write.After.LastChangedAt));
        Assert.DoesNotContain("cancel the workflow", Summarize(write.After).Headline, StringComparison.Ordinal);
        Assert.Same(write.After.State, Answer(write.After, observation, 2).State);
    }

    [Fact]
    public void A_terminal_state_that_was_left_unfinished_ended_when_it_was_first_seen()
    {
        var observation = ScriptedSource.Document(Target, "Cancel");
        var row = Answer(New, observation, 0) with { Outcome = null, EndedAt = null };

        row = Answer(row, observation, 5);

        Assert.Equal((WorkflowOutcome.Cancelled, Start), (row.Outcome, row.EndedAt));
    }

    [Fact]
    public void A_finished_row_keeps_the_end_it_was_given()
    {
        var observation = ScriptedSource.Document(Target, "Cancel");
        var row = Answer(New, observation, 0) with { Outcome = WorkflowOutcome.Gone, EndedAt = Start.AddDays(-1) };

        row = Answer(row, observation, 5);

        Assert.Equal((WorkflowOutcome.Gone, Start.AddDays(-1)), (row.Outcome, row.EndedAt));
    }

    [Theory]
    [InlineData(512, 512)]
    [InlineData(513, 512)]
    [InlineData(3, 3)]
    public void A_failures_message_is_kept_up_to_512_characters(int given, int kept)
    {
        var row = ObservedWorkflow.Failed(New, new UpstreamException(UpstreamFailure.Denied, new string('x', given)), Start, Options).After;

        Assert.Equal(new string('x', kept), row.Failure!.Message);
    }

    [Fact]
    public void Gone_is_gone_since_the_first_404_whatever_failed_in_between()
    {
        var row = New;
        foreach (var minute in Enumerable.Range(0, 4))
        {
            row = Fail(row, UpstreamFailure.NotFound, minute);
        }

        row = Fail(row, UpstreamFailure.Unavailable, 4);
        Assert.Equal(Start, row.GoneSince);

        foreach (var minute in Enumerable.Range(5, 3))
        {
            row = Fail(row, UpstreamFailure.NotFound, minute);
        }

        Assert.Equal((Start, Start.AddMinutes(5), 3), (row.GoneSince, row.Failure!.Since, row.Failure.Count));
    }

    [Fact]
    public void Gone_for_exactly_seven_days_is_finished()
    {
        var row = New;
        foreach (var minute in Enumerable.Range(0, 3))
        {
            row = Fail(row, UpstreamFailure.NotFound, minute);
        }

        Assert.Null(Fail(row, UpstreamFailure.NotFound, (7 * 24 * 60) - 1).Outcome);
        Assert.Equal(
            (WorkflowOutcome.Gone, Start),
            Fail(row, UpstreamFailure.NotFound, 7 * 24 * 60) is var ended ? (ended.Outcome, ended.EndedAt) : default
        );
    }

    [Fact]
    public void A_committed_write_returns_its_version()
    {
        var write = new WorkflowWrite(New, New with { ETag = "old" }, null);
        var report = new WriteReport([WriteOutcome.Committed, WriteOutcome.Committed], new Dictionary<int, TrackedWorkflow>(), 0, 0)
        {
            Versions = ["v1"],
        };

        Assert.Equal("v1", report.Committed(0, write).ETag);
        Assert.Null(report.Committed(1, write).ETag);
    }

    [Fact]
    public void A_result_of_nothing_is_complete_and_has_reached_the_store() =>
        Assert.Equal((true, true), (new CycleResult().Complete, new CycleResult().StoreReached));

    [Theory]
    [InlineData("w1", "6")]
    [InlineData("c271e39e-1a6e-4d3d-8fa8-2a36329c68d1", "2")]
    public void A_shard_is_the_first_hex_digit_of_the_ids_sha_256(string id, string key) => Assert.Equal(key, Shard.Of(id).Key);

    [Theory]
    [InlineData("*/10 * * * * *", 10)]
    [InlineData(null, 7200)]
    public void A_tick_is_the_schedules_and_without_one_the_settings(string? schedule, int seconds)
    {
        Assert.Equal(TimeSpan.FromSeconds(seconds), CadenceOf(schedule).Tick);
    }

    [Fact]
    public void A_tick_longer_than_the_longest_back_off_is_the_interval_of_failing_reads()
    {
        var tick = TimeSpan.FromHours(2);
        var failing = New with { Failure = new PollFailure(UpstreamFailure.Unavailable, null, "no", Start, 3) };

        Assert.Equal(tick, CadenceOf(null).IntervalOf(New with { GoneSince = Start }));
        Assert.Equal(Start + (tick / 2), CadenceOf(null).NextPollAt(failing, Start, tick));
        Assert.Equal(
            Start + TimeSpan.FromMinutes(30) - TimeSpan.FromSeconds(30),
            CadenceOf(null).NextPollAt(failing with { Failure = failing.Failure! with { Count = 2000 } }, Start, TimeSpan.FromMinutes(1))
        );
    }

    private static Cadence CadenceOf(string? schedule) =>
        new(
            Microsoft.Extensions.Options.Options.Create(new PollingOptions { Tick = TimeSpan.FromHours(2) }),
            Microsoft.Extensions.Options.Options.Create(new ScheduleOptions { Poll = Schedule.TryParse(schedule) }),
            new FakeTimeProvider(Start)
        );

    private static TrackedWorkflow Answer(TrackedWorkflow row, WorkflowObservation observation, int minute) =>
        ObservedWorkflow.Answered(row, observation, Baseline.Empty, Start.AddMinutes(minute), TimeSpan.FromMinutes(1)).After;

    private static TrackedWorkflow Fail(TrackedWorkflow row, UpstreamFailure failure, int minute) =>
        ObservedWorkflow.Failed(row, new UpstreamException(failure, "no"), Start.AddMinutes(minute), Options).After;

    private static WorkflowSummary Summarize(TrackedWorkflow row) => WorkflowSummarizer.Summarize(row, Baseline.Empty, stale: false);

    private static WorkflowObservation Read(string json) => WorkflowDocument.Read(Encoding.UTF8.GetBytes(json));
}
