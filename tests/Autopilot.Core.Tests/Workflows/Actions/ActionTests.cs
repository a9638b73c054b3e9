using Autopilot.Core.Upstream;
using Autopilot.Core.Workflows;
using Autopilot.Core.Workflows.Actions;
using static Autopilot.Core.Tests.Workflows.States;
using static Autopilot.Core.Workflows.UpgradeTaskStatus;
using static Autopilot.Core.Workflows.UpgradeTaskType;

namespace Autopilot.Core.Tests.Workflows.Actions;

public sealed class ActionTests
{
    private static readonly UpgradeTask Passed = Task(PreCheck, Success, "p", 5, 6);
    private static readonly UpgradeTask Bare = Task(Cluster, NotStarted, null);

    [Fact]
    public void After_a_failed_cluster_stage_the_way_is_mend_retry_ticket_and_never_cancel()
    {
        var summary = Summarize(WorkflowPhase.Pending, Passed, Task(Cluster, Failed, "c", 10, 20));

        Assert.Equal(
            [UpgradeAction.LookInConsole, UpgradeAction.RetryUpgrade, UpgradeAction.ContactSupport],
            summary.Actions.Where(action => action.Advised).Select(action => action.Action)
        );
        var cancel = Of(summary, UpgradeAction.Cancel);
        Assert.Equal(
            (ActionAllowed.Yes, ActionBasis.Inferred, true, false),
            (cancel.Allowed, cancel.Basis, cancel.Caution, cancel.Advised)
        );
        Assert.Equal("retry the upgrade", OfferedActions.Of(summary.Actions));
        Assert.DoesNotContain("cancel", summary.Headline + summary.BlockingTask!.Remediation, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void A_cancel_is_advised_before_the_first_start_alone()
    {
        var created = Summarize(WorkflowPhase.Init, Task(PreCheck, NotStarted, null), Bare);
        var ready = Summarize(WorkflowPhase.Running, Passed, Bare);

        Assert.Equal(
            [UpgradeAction.RunPreCheck, UpgradeAction.Cancel],
            created.Actions.Where(action => action.Advised).Select(action => action.Action)
        );
        Assert.EndsWith("start it, or cancel the workflow.", created.Headline, StringComparison.Ordinal);
        Assert.Equal([UpgradeAction.StartUpgrade], ready.Actions.Where(action => action.Advised).Select(action => action.Action));
        Assert.Equal(ActionAllowed.No, Of(ready, UpgradeAction.Cancel).Allowed);
        Assert.Equal("start the cluster upgrade · run the pre-check · take a snapshot", OfferedActions.Of(ready.Actions));
    }

    [Theory]
    [InlineData(true, ActionAllowed.No, ActionBasis.Inferred)]
    [InlineData(false, ActionAllowed.Yes, ActionBasis.Inferred)]
    [InlineData(null, ActionAllowed.Yes, ActionBasis.Inferred)]
    public void A_critical_line_that_was_not_executed_refuses_a_cancel(bool? critical, ActionAllowed allowed, ActionBasis basis)
    {
        var state = State(Task(PreCheck, Failed, "p", 5, 6), Bare) with { Phase = WorkflowPhase.Pending };
        state = state with { Dependencies = [state.Dependencies[0] with { Critical = critical }, state.Dependencies[1]] };
        var summary = Summarize(state);

        var cancel = Of(summary, UpgradeAction.Cancel);
        Assert.Equal((allowed, basis), (cancel.Allowed, cancel.Basis));
        Assert.Equal([new TaskDependencySummary(PreCheck, critical)], summary.Tasks.Single(task => task.Type == Cluster).Dependencies);
    }

    [Fact]
    public void A_critical_line_that_was_executed_refuses_nothing()
    {
        var state = State(Passed, Task(Cluster, Failed, "c", 10, 20)) with { Phase = WorkflowPhase.Pending };
        state = state with { Dependencies = [state.Dependencies[0] with { Critical = true }, state.Dependencies[1]] };

        Assert.Equal(ActionAllowed.Yes, Of(Summarize(state), UpgradeAction.Cancel).Allowed);
    }

    [Fact]
    public void Of_two_lines_between_the_same_tasks_the_strictest_counts()
    {
        var state = State(Task(PreCheck, Failed, "p", 5, 6), Bare) with { Phase = WorkflowPhase.Pending };
        var line = state.Dependencies[0];
        var summary = Summarize(
            state with
            {
                Dependencies = [line with { Critical = true }, line, line with { Critical = false }, state.Dependencies[1]],
            }
        );

        Assert.Equal([new TaskDependencySummary(PreCheck, true)], summary.Tasks.Single(task => task.Type == Cluster).Dependencies);
        Assert.Equal([PreCheck], summary.Tasks.Single(task => task.Type == Cluster).DependsOn);
    }

    [Theory]
    [InlineData("Risk", ActionAllowed.Yes, ActionBasis.Documented)]
    [InlineData("Exception", ActionAllowed.No, ActionBasis.Inferred)]
    [InlineData(null, ActionAllowed.Unknown, null)]
    public void Only_an_item_that_is_a_risk_can_be_confirmed(string? kind, ActionAllowed allowed, ActionBasis? basis)
    {
        var row = WorkflowReplay.Observe(
            WorkflowReplay.New(),
            State(Task(PreCheck, Failed, "p", 5, 6), Bare) with
            {
                Phase = WorkflowPhase.Pending,
            },
            At(10)
        );
        var report = new FailureReport(
            kind is null
                ? []
                :
                [
                    new FailureDetail
                    {
                        Name = "an item",
                        Kind = kind,
                        Level = "Warning",
                    },
                ]
        );
        var summary = WorkflowSummarizer.Summarize(
            row with
            {
                TaskFailures = TaskFailures.Add([], row.Runs[0], report),
            },
            Baseline.Empty,
            stale: false
        );

        var confirm = Of(summary, UpgradeAction.ConfirmRisks);
        Assert.Equal((allowed, basis), (confirm.Allowed, confirm.Basis));
        Assert.Equal(allowed == ActionAllowed.Yes, confirm.Advised);
        Assert.True(Of(summary, UpgradeAction.RunPreCheck).Advised);
    }

    [Fact]
    public void A_failed_pre_check_beside_a_running_snapshot_is_not_run_again()
    {
        var summary = Summarize(WorkflowPhase.Running, Task(PreCheck, Failed, "p", 5, 6), Task(Snapshot, Running, "s", 7), Bare);

        Assert.Equal(ActionAllowed.Unknown, Of(summary, UpgradeAction.RunPreCheck).Allowed);
        Assert.Equal("Find the cause in the CCE console, and wait until the snapshot has ended.", summary.BlockingTask!.Remediation);
        Assert.Equal(
            [(UpgradeAction.LookInConsole, ActionActor.User), (UpgradeAction.Wait, ActionActor.Upstream)],
            summary.Actions.Where(action => action.Advised).Select(action => (action.Action, action.By))
        );
    }

    [Fact]
    public void A_workflow_that_was_never_read_has_every_action_as_unknown()
    {
        var summary = WorkflowSummarizer.Summarize(WorkflowReplay.New(), Baseline.Empty, stale: false);

        Assert.Equal(7, summary.Actions.Count);
        Assert.All(summary.Actions, action => Assert.Equal(ActionAllowed.Unknown, action.Allowed));
        Assert.Null(OfferedActions.Of(summary.Actions));
    }

    [Theory]
    [InlineData(RejectionCause.Address, "address")]
    [InlineData(RejectionCause.Account, "billing center")]
    [InlineData(RejectionCause.Policy, "policy")]
    [InlineData(RejectionCause.Permission, "cce:cluster:getCluster")]
    [InlineData(null, "cce:cluster:getCluster")]
    public void A_refused_poll_says_what_helps_against_its_cause(RejectionCause? cause, string advice)
    {
        var failure = new PollFailure(UpstreamFailure.Denied, "X.1", "No.", At(1), 1) { Cause = cause };
        var insight = Assert.Single(
            WorkflowSummarizer.Summarize(WorkflowReplay.New() with { Failure = failure }, Baseline.Empty, stale: false).Insights
        );

        Assert.Contains(advice, insight.Remediation, StringComparison.Ordinal);
        Assert.Equal(
            cause is null or RejectionCause.Permission,
            insight.Remediation!.Contains("cce:cluster:getCluster", StringComparison.Ordinal)
        );
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_result_that_expired_since_the_last_read_starts_nothing(bool tracked)
    {
        var row = WorkflowReplay.Observe(WorkflowReplay.New(), State(Passed with { ExpiresAt = At(66) }, Bare), At(30)) with
        {
            Tracked = tracked,
        };

        var before = WorkflowSummarizer.Summarize(row, Baseline.Empty, At(65), WorkflowReplay.PollInterval);
        Assert.Equal(ActionAllowed.Yes, Of(before, UpgradeAction.StartUpgrade).Allowed);
        Assert.True(Of(before, UpgradeAction.StartUpgrade).Advised);

        var after = WorkflowSummarizer.Summarize(row, Baseline.Empty, At(66), WorkflowReplay.PollInterval);
        var start = Of(after, UpgradeAction.StartUpgrade);
        Assert.Equal((ActionAllowed.Unknown, null, false), (start.Allowed, start.Basis, start.Advised));
        Assert.Equal("The pre-check's result expired at 2026-11-20 09:06 UTC, and the workflow has not been read since.", start.Reason);
        Assert.Equal(ActionAllowed.Unknown, Of(after, UpgradeAction.StartSnapshot).Allowed);
        Assert.Equal([UpgradeAction.RunPreCheck], after.Actions.Where(action => action.Advised).Select(action => action.Action));
        Assert.Contains(
            "the pre-check's result expired at 2026-11-20 09:06 UTC, after the last read: run the pre-check again",
            after.Headline,
            StringComparison.Ordinal
        );
        Assert.Equal("run the pre-check", OfferedActions.Of(after.Actions));
        var insight = Assert.Single(after.Insights, insight => insight.Code == "PreCheckExpired");
        Assert.Equal("The pre-check's result expired at 2026-11-20 09:06 UTC.", insight.Summary);
        ActionRules.Check(after);
        Assert.Equal(
            after.Headline,
            UpgradeTimeline.Of(row, Baseline.Empty, Freshness.Of(row, At(66), WorkflowReplay.PollInterval).ExpiredUnread).Headline
        );
    }

    [Fact]
    public void A_result_that_expired_since_the_last_read_takes_no_snapshot_on_the_path()
    {
        var state = State(Passed with { ExpiresAt = At(66) }, Task(Snapshot, NotStarted, null), Bare) with
        {
            Dependencies = [new(PreCheck, Snapshot), new(Snapshot, Cluster), new(Cluster, PostCheck)],
        };
        var row = WorkflowReplay.Observe(WorkflowReplay.New(), state, At(30));

        var after = WorkflowSummarizer.Summarize(row, Baseline.Empty, At(90), WorkflowReplay.PollInterval);

        Assert.Equal(ActionAllowed.Unknown, Of(after, UpgradeAction.StartSnapshot).Allowed);
        Assert.Equal(ActionAllowed.No, Of(after, UpgradeAction.StartUpgrade).Allowed);
        Assert.Equal([UpgradeAction.RunPreCheck], after.Actions.Where(action => action.Advised).Select(action => action.Action));
        ActionRules.Check(after);
    }

    [Fact]
    public void What_an_insight_advises_is_listed_beside_a_headline_that_says_to_wait()
    {
        var summary = Summarize(State(Passed, Task(Cluster, Running, "c", 28), Task(UpgradeTaskType.From("Audit"), Running, "a", 28)));

        Assert.EndsWith("nothing to do but wait.", summary.Headline, StringComparison.Ordinal);
        Assert.Contains(summary.Insights, insight => insight.Code == "UnknownValue");
        Assert.Equal(
            [(UpgradeAction.Wait, ActionAllowed.Yes, true), (UpgradeAction.LookInConsole, ActionAllowed.Yes, false)],
            summary.Actions.Take(2).Select(action => (action.Action, action.Allowed, action.Advised))
        );
    }

    private static WorkflowSummary Summarize(WorkflowPhase phase, params UpgradeTask[] tasks) =>
        Summarize(State(tasks) with { Phase = phase });

    private static WorkflowSummary Summarize(UpgradeWorkflow state) =>
        WorkflowSummarizer.Summarize(WorkflowReplay.Observe(WorkflowReplay.New(), state, At(30)), Baseline.Empty, stale: false);

    private static WorkflowAction Of(WorkflowSummary summary, UpgradeAction action) => summary.Actions.Single(one => one.Action == action);
}
