using System.Globalization;
using Autopilot.Core.Upstream;
using Autopilot.Core.Workflows.Actions;

namespace Autopilot.Core.Workflows;

/// <summary>What is worth knowing beside the blocking task. Nothing here repeats the blocking task.</summary>
internal static class Insights
{
    private const int MostUnreadableTimes = 20;
    private const int MostLines = 5;
    private static readonly TimeSpan LongestSilence = TimeSpan.FromHours(24);

    /// <summary>
    /// Of any workflow; <paramref name="analysis"/> and <paramref name="plan"/> are null before the first read. Errors first, then the
    /// oldest first.
    /// </summary>
    public static IReadOnlyList<Insight> Of(
        TrackedWorkflow row,
        WorkflowAnalysis? analysis,
        ActionPlan? plan,
        Blockage? blockage,
        bool stale
    )
    {
        var insights = new List<Insight>();
        if (analysis is not null && plan is not null)
        {
            AddTasks(insights, analysis, plan, blockage);
            AddWorkflow(insights, analysis, plan, blockage);
            AddDocument(insights, analysis);
        }

        AddPolling(insights, row, stale);
        // A stable sort: equals keep the order in which they were found.
        return
        [
            .. insights
                .Select(insight =>
                    insight with
                    {
                        Summary = ForeignText.OneLine(insight.Summary),
                        Remediation = ForeignText.OneLine(insight.Remediation),
                    }
                )
                .OrderByDescending(insight => insight.Level)
                .ThenBy(insight => insight.Since ?? DateTimeOffset.MaxValue),
        ];
    }

    private static void AddTasks(List<Insight> insights, WorkflowAnalysis analysis, ActionPlan plan, Blockage? blockage)
    {
        foreach (var task in analysis.Tasks)
        {
            if (task.Status == UpgradeTaskStatus.Failed && task != blockage?.Task)
            {
                insights.Add(FailedTask(analysis, plan, task, blockage));
            }

            if (!analysis.IsTerminal && !analysis.IsGone)
            {
                AddExpiry(insights, analysis, plan, task, blockage);
                AddDuration(insights, analysis, task);
            }

            FailureDetailInsights.Add(insights, task);
            AcceptedRiskInsights.Add(insights, analysis, task, blockage);
            AddRepeated(insights, analysis, plan, task, blockage);
            if (task.Node.Presence == TaskPresence.Shown && (!task.Type.IsKnown || !task.Status.IsKnown))
            {
                insights.Add(Unknown(analysis, task));
            }

            if (task.Skew is { } skew)
            {
                Add(
                    insights,
                    "ClockSkew",
                    InsightLevel.Warning,
                    task.Type,
                    analysis.Row.LastChangedAt ?? analysis.AsOf,
                    $"By the clocks, a run of {TaskPhrases.Name(task.Type)} {skew}.",
                    Remediation.ClockSkew
                );
            }
        }
    }

    /// <summary>A failure is an error only where it is the next thing to mend.</summary>
    private static Insight FailedTask(WorkflowAnalysis analysis, ActionPlan plan, TaskTimes task, Blockage? blockage) =>
        Of(
            "TaskFailed",
            task is { Required: true, IsPassedOver: false } && !analysis.IsTerminal && blockage is not { GoesOn: true }
                ? InsightLevel.Error
                : InsightLevel.Warning,
            task.Type,
            task.EndedAt ?? task.StatusSince,
            $"{TaskPhrases.Capitalized(task.Type)} failed"
                + (task.Duration is { } duration ? $" after {HumanDuration.Of(duration)}" : "")
                + FailurePhrases.Clause(task.Failure)
                + (task.IsPassedOver ? "; the upgrade went on past it." : "."),
            Remediation.ForFailure(analysis, plan, task, blockage)
        );

    private static void AddExpiry(List<Insight> insights, WorkflowAnalysis analysis, ActionPlan plan, TaskTimes task, Blockage? blockage)
    {
        if (PreCheckExpiry.UnusedExpiry(analysis, task) is not { } expiry)
        {
            return;
        }

        var left = plan.ExpiredUnread is null ? expiry - analysis.AsOf : TimeSpan.Zero;
        var underWay =
            PreCheckExpiry.UnderWayBetween(analysis)
            ?? (blockage is { GoesOn: true } or { Reason: BlockingReason.RollingBack } ? blockage.Task : null);
        if (left > TimeSpan.Zero && left < PreCheckExpiry.Soon)
        {
            var soonFrom = expiry - PreCheckExpiry.Soon;
            Add(
                insights,
                "PreCheckExpiresSoon",
                InsightLevel.Warning,
                task.Type,
                task.EndedAt > soonFrom ? task.EndedAt : soonFrom,
                $"The pre-check's result expires in {HumanDuration.Of(left)}, at {HumanDuration.At(expiry)}.",
                Remediation.ForExpiringPreCheck(plan, blockage, underWay is not null)
            );
        }
        else if (left <= TimeSpan.Zero && blockage?.Reason != BlockingReason.PreCheckExpired)
        {
            Add(
                insights,
                "PreCheckExpired",
                InsightLevel.Warning,
                task.Type,
                expiry,
                $"The pre-check's result expired at {HumanDuration.At(expiry)}.",
                Remediation.ForExpiredPreCheck(plan, underWay)
            );
        }
    }

    private static void AddDuration(List<Insight> insights, WorkflowAnalysis analysis, TaskTimes task)
    {
        if (TaskDurationThresholds.StalledSince(analysis, task) is { } stalledSince)
        {
            Add(
                insights,
                "StalledTask",
                InsightLevel.Warning,
                task.Type,
                stalledSince,
                TaskDurationThresholds.UnmovedSince(analysis, task) == stalledSince
                        ? $"{TaskPhrases.Capitalized(task.Type)} runs, but its progress has been '{task.Progress!.Word}' for more than "
                            + $"{HumanDuration.Of(TaskDurationThresholds.LongestUnmovedFor(analysis, task.Type))}."
                    : task.Task.IsQueued()
                        ? $"{TaskPhrases.Capitalized(task.Type)} has been queued for more than "
                            + $"{HumanDuration.Of(TaskDurationThresholds.LongestQueue)}."
                    : StalledRun(analysis, task),
                Remediation.Stalled(task.Task)
            );
        }
        else if (TaskDurationThresholds.SlowSince(analysis, task) is { } slowSince && analysis.NormalTimes(task.Type) is { } normal)
        {
            Add(
                insights,
                "SlowTask",
                InsightLevel.Info,
                task.Type,
                slowSince,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{TaskPhrases.Capitalized(task.Type)} has been running for more than {HumanDuration.Of(normal.P80)}, the P80 "
                        + $"of {normal.Count} earlier runs: 80 % of them took no longer."
                ),
                Remediation.Slow(TaskDurationThresholds.LongestFor(analysis, task.Type))
            );
        }
    }

    private static string StalledRun(WorkflowAnalysis analysis, TaskTimes task)
    {
        var name = TaskPhrases.Capitalized(task.Type);
        var longest = HumanDuration.Of(TaskDurationThresholds.LongestFor(analysis, task.Type));
        return analysis.NormalTimes(task.Type) is { } normal
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"{name} has been running for more than {longest}; of {normal.Count} earlier runs 95 % took at most "
                    + $"{HumanDuration.Of(normal.P95)}."
            )
            : $"{name} has been {(task.Status.IsKnown ? "running" : "under way")} for more than {longest}, longer than any such task "
                + "should.";
    }

    private static void AddRepeated(List<Insight> insights, WorkflowAnalysis analysis, ActionPlan plan, TaskTimes task, Blockage? blockage)
    {
        if (task.Runs.Count < 3)
        {
            return;
        }

        var failures = 0;
        foreach (var run in task.Runs)
        {
            failures += run.Status == UpgradeTaskStatus.Failed ? 1 : 0;
        }

        if (failures > 0)
        {
            var third = task.Runs[2];
            Add(
                insights,
                "RepeatedFailure",
                task.IsSettled || analysis.IsTerminal ? InsightLevel.Info : InsightLevel.Warning,
                task.Type,
                third.StartedAt ?? third.StatusSince,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{TaskPhrases.Capitalized(task.Type)} has been attempted {task.Runs.Count} times, and {failures} of these "
                        + $"attempts failed."
                ),
                Remediation.ForRepeated(analysis, plan, task, blockage)
            );
        }
    }

    private static Insight Unknown(WorkflowAnalysis analysis, TaskTimes task)
    {
        var summary =
            task.Type.IsKnown ? $"{TaskPhrases.Capitalized(task.Type)} has the status '{task.Status}', which this version does not know."
            : task.Status.IsKnown ? $"'{task.Type}' is a type of task that this version does not know."
            : $"'{task.Type}' is a type of task, and '{task.Status}' a status, that this version does not know.";
        return Of(
            "UnknownValue",
            InsightLevel.Warning,
            task.Type,
            task.Status.IsKnown ? analysis.Row.LastChangedAt ?? analysis.AsOf : task.StatusSince ?? analysis.AsOf,
            summary,
            Remediation.UnknownValue
        );
    }

    private static void AddWorkflow(List<Insight> insights, WorkflowAnalysis analysis, ActionPlan plan, Blockage? blockage)
    {
        var phase = analysis.State.Phase;
        var phaseSince = analysis.Row.PhaseSince ?? analysis.Row.LastChangedAt ?? analysis.AsOf;
        if (!phase.IsKnown)
        {
            Add(
                insights,
                "UnknownValue",
                InsightLevel.Warning,
                null,
                phaseSince,
                phase.Value.Length == 0
                    ? "Upstream gives no phase."
                    : $"The workflow has the phase '{phase}', which this version does not know.",
                Remediation.UnknownValue
            );
        }

        if (phase == WorkflowPhase.Pending && analysis.Tasks.TrueForAll(task => task.Status != UpgradeTaskStatus.Failed))
        {
            Add(
                insights,
                "PhaseMismatch",
                InsightLevel.Warning,
                null,
                phaseSince,
                "Upstream says Pending, which means that a task failed, but no task shows a failure.",
                analysis.Tasks.Exists(task => task.Task.IsRunningOrQueued())
                    ? Remediation.PendingWhileRunning
                    : Remediation.PendingWithoutFailure
            );
        }

        BackupInsights.Add(insights, analysis, blockage);
        if (phase == WorkflowPhase.Success && analysis.Tasks.Find(task => task is { Required: true, IsSettled: false }) is { } unfinished)
        {
            var undone = unfinished.Status == UpgradeTaskStatus.Success ? AfterRollback(analysis.Cluster) : null;
            Add(
                insights,
                "PhaseMismatch",
                InsightLevel.Warning,
                unfinished.Type,
                phaseSince,
                $"Upstream says Success, but {TaskPhrases.Name(unfinished.Type)} {undone ?? $"is {unfinished.Status}"}.",
                undone is null ? Remediation.SuccessWithOpenTasks : Remediation.LookUpVersion
            );
        }

        if (Clocks.IsAfter(analysis.State.CreatedAt, analysis.EndedAt ?? analysis.AsOf))
        {
            Add(
                insights,
                "ClockSkew",
                InsightLevel.Warning,
                null,
                analysis.Row.LastChangedAt ?? analysis.AsOf,
                $"By the clocks, the workflow was created after {(analysis.EndedAt is null ? "the moment of observation" : "its end")}.",
                Remediation.ClockSkew
            );
        }

        if (!analysis.IsTerminal && !analysis.IsGone && LastActivity(analysis) is { } last && analysis.AsOf - last >= LongestSilence)
        {
            Add(
                insights,
                "LongWait",
                InsightLevel.Warning,
                null,
                last,
                $"Nothing has run for {HumanDuration.Of(analysis.AsOf - last)}.",
                Remediation.ForLongWait(plan, blockage)
            );
        }
    }

    /// <summary>When anything last ran; null while something runs, or may.</summary>
    private static DateTimeOffset? LastActivity(WorkflowAnalysis analysis)
    {
        var last = analysis.State.CreatedAt;
        foreach (var task in analysis.Tasks)
        {
            if (task.Task.IsRunningOrQueued() || (task.Task.HasRun() && !task.Status.IsKnown && task.EndedAt is null))
            {
                return null;
            }

            foreach (var run in task.Runs)
            {
                last = Instants.Later(last, TaskTimes.EndOf(run) ?? run.StatusSince);
            }
        }

        return last;
    }

    private static void AddDocument(List<Insight> insights, WorkflowAnalysis analysis)
    {
        var since = analysis.Row.LastChangedAt ?? analysis.AsOf;
        AddGraph(insights, analysis, since);
        if (analysis.State.LeftOut is { } leftOut)
        {
            Add(
                insights,
                "DocumentTruncated",
                InsightLevel.Warning,
                null,
                since,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"Of the points and lines that upstream shows, {leftOut} were left out: the first {WorkflowDocument.MaxEntries} "
                        + $"of each are kept."
                ),
                Remediation.DocumentTruncated
            );
        }

        for (var i = 0; i < analysis.State.UnreadableTimes.Count && i < MostUnreadableTimes; i++)
        {
            var time = analysis.State.UnreadableTimes[i];
            Add(
                insights,
                "UnreadableTime",
                InsightLevel.Warning,
                time.Task,
                since,
                $"The {time.Field} '{time.Text}' cannot be read as a time.",
                Remediation.UnreadableTime
            );
        }
    }

    /// <summary>What became of a cluster stage that succeeded, and whose work a rollback has undone or may have undone.</summary>
    private static string AfterRollback(ClusterVersion cluster) =>
        cluster switch
        {
            { Is: ClusterIs.Old } => "was undone by a rollback",
            { Rollback.Status: var status } when status == UpgradeTaskStatus.Failed => "was followed by a rollback that failed",
            _ => "was followed by a rollback whose end was not seen",
        };

    private static void AddGraph(List<Insight> insights, WorkflowAnalysis analysis, DateTimeOffset since)
    {
        var ignored = analysis.Graph.Ignored;
        if (ignored.Count > 0)
        {
            var lines = string.Join(", ", ignored.Take(MostLines).Select(line => $"{line.From} → {line.To}"));
            var more =
                ignored.Count > MostLines ? string.Create(CultureInfo.InvariantCulture, $" and {ignored.Count - MostLines} more") : "";
            Add(
                insights,
                "InconsistentGraph",
                InsightLevel.Warning,
                null,
                since,
                $"{(ignored.Count == 1 ? "A line between tasks was" : "Lines between tasks were")} ignored, as a cycle would close: "
                    + $"{lines}{more}.",
                Remediation.InconsistentGraph
            );
        }

        foreach (var task in analysis.Tasks)
        {
            if (
                task.Node.Presence == TaskPresence.Missing
                || (task.Node.Presence == TaskPresence.OnlyNamed && task.StartedAfter is not null)
            )
            {
                Add(
                    insights,
                    "InconsistentGraph",
                    InsightLevel.Warning,
                    task.Type,
                    since,
                    $"Upstream's latest answer does not show {TaskPhrases.Name(task.Type)}; it counts as "
                        + $"{(task.Node.Presence == TaskPresence.Missing ? "last seen" : "not started")}: {task.Status}.",
                    analysis.IsTerminal || analysis.IsGone ? Remediation.InconsistentGraph : Remediation.MissingTask
                );
            }
        }
    }

    private static void AddPolling(List<Insight> insights, TrackedWorkflow row, bool stale)
    {
        if (!row.SeenLive)
        {
            Add(
                insights,
                "NotSeenLive",
                InsightLevel.Info,
                null,
                row.TrackedAt,
                "It had ended when it was first seen: only what its last state shows is known, and no attempts before the last.",
                Remediation.NotSeenLive
            );
        }

        var gone = WorkflowAnalysis.IsGoneRow(row);
        if (gone && row.State?.Phase.IsTerminal != true)
        {
            Add(
                insights,
                "Gone",
                InsightLevel.Warning,
                null,
                row.GoneSince ?? row.EndedAt,
                row.State is null
                    ? "Upstream does not know the workflow."
                    : "Upstream no longer knows the workflow; what is shown is the last state that was seen.",
                Remediation.Gone
            );
        }

        if (row is { Failure: { } failure, IsFinished: false } && !(gone && failure.Kind == UpstreamFailure.NotFound))
        {
            var level = failure.Kind is UpstreamFailure.Denied or UpstreamFailure.Rejected or UpstreamFailure.Misconfigured
                ? InsightLevel.Error
                : InsightLevel.Warning;
            var code = failure.Code is null ? "" : $" ({failure.Code})";
            Add(
                insights,
                "UpstreamError",
                level,
                null,
                failure.Since,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"The last {(failure.Count == 1 ? "poll" : $"{failure.Count} polls")} failed{code}: "
                        + $"{failure.Message.TrimEnd('.', ' ')}."
                ),
                Remediation.For(failure)
            );
        }

        if (stale && !gone)
        {
            Add(
                insights,
                "StaleData",
                InsightLevel.Warning,
                null,
                row.ObservedAt,
                $"The workflow was last read at {HumanDuration.At(row.ObservedAt!.Value)}, more than three poll intervals ago.",
                Remediation.StaleData
            );
        }
    }

    private static void Add(
        List<Insight> insights,
        string code,
        InsightLevel level,
        UpgradeTaskType? task,
        DateTimeOffset? since,
        string summary,
        AdviceText remediation
    ) => insights.Add(Of(code, level, task, since, summary, remediation));

    private static Insight Of(
        string code,
        InsightLevel level,
        UpgradeTaskType? task,
        DateTimeOffset? since,
        string summary,
        AdviceText remediation
    ) =>
        new()
        {
            Code = code,
            Level = level,
            Task = task,
            Since = since,
            Summary = summary,
            Remediation = remediation.Text,
            Actions = remediation.Actions.Count > 0 ? remediation.Actions : null,
        };
}
