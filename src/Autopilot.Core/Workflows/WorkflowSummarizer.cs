using Autopilot.Core.Workflows.Actions;

namespace Autopilot.Core.Workflows;

/// <summary>
/// Computes the summary: a pure function of what is stored, of what is normal and of what the time since the last read alone decides
/// (<see cref="Freshness"/>).
/// </summary>
public static class WorkflowSummarizer
{
    /// <param name="workflow">The stored row.</param>
    /// <param name="baseline">What is normal; <see cref="Baseline.Empty"/> while nothing is known.</param>
    /// <param name="now">Time of the request; only <see cref="Freshness"/> depends on it.</param>
    /// <param name="pollInterval">The workflow's own poll interval, from <c>Cadence</c>.</param>
    public static WorkflowSummary Summarize(TrackedWorkflow workflow, Baseline baseline, DateTimeOffset now, TimeSpan pollInterval) =>
        Summarize(workflow, baseline, Freshness.Of(workflow, now, pollInterval));

    /// <param name="workflow">The stored row.</param>
    /// <param name="baseline">What is normal; <see cref="Baseline.Empty"/> while nothing is known.</param>
    /// <param name="stale">Whether it counts as stale. No pre-check has expired since the last read.</param>
    public static WorkflowSummary Summarize(TrackedWorkflow workflow, Baseline baseline, bool stale) =>
        Summarize(workflow, baseline, new Freshness(stale, ExpiredUnread: false));

    /// <param name="workflow">The stored row.</param>
    /// <param name="baseline">What is normal; <see cref="Baseline.Empty"/> while nothing is known.</param>
    /// <param name="freshness">At the time of the request: for the same three inputs the summary is always the same.</param>
    public static WorkflowSummary Summarize(TrackedWorkflow workflow, Baseline baseline, Freshness freshness)
    {
        var analysis = WorkflowAnalysis.Of(workflow, baseline);
        return analysis is null ? Unread(workflow, freshness.Stale) : Read(workflow, analysis, freshness);
    }

    /// <summary>Only what the state means, for metrics and for the history.</summary>
    public static Assessment Assess(TrackedWorkflow workflow, Baseline baseline) =>
        WorkflowAnalysis.Of(workflow, baseline) is { } analysis
            ? AssessmentRules.Assess(analysis, BlockingTaskFinder.Find(analysis))
            : AssessmentRules.Unread(workflow);

    /// <summary>Whether the row was last read more than three of its poll intervals ago, though it should be polled.</summary>
    public static bool IsStale(TrackedWorkflow workflow, DateTimeOffset now, TimeSpan pollInterval) =>
        workflow is { ObservedAt: { } observedAt, IsFinished: false, Tracked: true } && now - observedAt > 3 * pollInterval;

    private static WorkflowSummary Unread(TrackedWorkflow row, bool stale)
    {
        var insights = ReferencePages.With(Insights.Of(row, null, null, null, stale), row.Failure);
        return new WorkflowSummary
        {
            Id = row.Target.WorkflowId,
            ProjectId = row.Target.ProjectId,
            ClusterId = row.Target.ClusterId,
            ClusterName = row.ClusterName,
            Assessment = AssessmentRules.Unread(row),
            Headline = ForeignText.OneLine(Headline.Unread(row)),
            EndedAt = row.EndedAt,
            ObservedAt = row.ObservedAt,
            LastChangedAt = row.LastChangedAt,
            Stale = stale,
            Tracked = row.Tracked,
            SeenLive = row.SeenLive ? null : false,
            Sequence = row.Sequence,
            Actions = ActionPlan.Unread.Actions(null, insights),
            Insights = insights,
        };
    }

    private static WorkflowSummary Read(TrackedWorkflow row, WorkflowAnalysis analysis, Freshness freshness)
    {
        var blockage = BlockingTaskFinder.Find(analysis);
        var assessment = AssessmentRules.Assess(analysis, blockage);
        var estimate = RemainingWork.Of(analysis, blockage);
        var segments = TimeSegments.Of(analysis);
        var plan = ActionPlan.Of(analysis, freshness.ExpiredUnread);
        var advice = Remediation.For(analysis, plan, assessment, blockage);
        var insights = ReferencePages.With(Insights.Of(row, analysis, plan, blockage, freshness.Stale), row.Failure);
        return new WorkflowSummary
        {
            Id = row.Target.WorkflowId,
            ProjectId = row.Target.ProjectId,
            ClusterId = row.Target.ClusterId,
            ClusterName = row.ClusterName,
            FromVersion = analysis.State.FromVersion,
            TargetVersion = analysis.State.TargetVersion,
            Phase = analysis.State.Phase,
            Assessment = assessment,
            Headline = ForeignText.OneLine(Headline.Of(analysis, assessment, blockage, estimate, advice)),
            CreatedAt = analysis.State.CreatedAt,
            StartedAt = analysis.StartedAt,
            EndedAt = analysis.EndedAt,
            ObservedAt = row.ObservedAt,
            LastChangedAt = row.LastChangedAt,
            Stale = freshness.Stale,
            Tracked = row.Tracked,
            SeenLive = row.SeenLive ? null : false,
            Sequence = row.Sequence,
            ElapsedSeconds = Seconds(analysis.Elapsed),
            ActiveSeconds = Seconds(analysis.Active),
            WaitingSeconds = Seconds(analysis.Elapsed - analysis.Active),
            Time = analysis.Elapsed is null ? null : TimeSplit.Of(segments),
            ClusterIs = analysis.Cluster.Is,
            Progress = Progress(analysis),
            BlockingTask = blockage is null ? null : Blocking(analysis, blockage, advice!.Value),
            Actions = plan.Actions(advice, insights),
            Tasks = Tasks(analysis, segments),
            Estimate = estimate,
            Insights = insights,
        };
    }

    private static WorkflowProgress Progress(WorkflowAnalysis analysis)
    {
        int completed = 0,
            total = 0;
        foreach (var task in analysis.Tasks)
        {
            total += task is { Required: true, IsPassedOver: false } ? 1 : 0;
            completed += task is { Required: true, IsDone: true } ? 1 : 0;
        }

        var percent =
            total > 0 ? 100 * completed / total
            : analysis.State.Phase == WorkflowPhase.Success ? 100
            : 0;
        return new WorkflowProgress(completed, total, percent);
    }

    private static BlockingTask Blocking(WorkflowAnalysis analysis, Blockage blockage, Advice advice) =>
        new()
        {
            Type = blockage.Task.Type,
            TaskId = blockage.Task.Task.TaskId,
            Status = blockage.Task.Status,
            Reason = blockage.Reason,
            Since = blockage.Since,
            SinceObserved = blockage.SinceObserved ? true : null,
            BlockedSeconds = Seconds(blockage.Lasts(analysis.AsOf)),
            Message = ForeignText.OneLine(BlockingMessage.For(analysis, blockage)),
            Remediation = ForeignText.OneLine(advice.Sentence.Text),
            Details = blockage.Task.Failure is { Details.Count: > 0 } failure ? WithRemedies(failure) : null,
            References = ReferencePages.For(blockage),
            Precedents = PrecedentsOf(analysis, blockage),
        };

    /// <summary>By the item that the advice is about, where it is named.</summary>
    private static Precedents? PrecedentsOf(WorkflowAnalysis analysis, Blockage blockage)
    {
        if (blockage.Reason != BlockingReason.TaskFailed)
        {
            return null;
        }

        var item =
            blockage.Task.Failure is { Details: [var leading, ..] } failure && !FailurePhrases.IsOwn(failure, leading)
                ? FailurePhrases.ItemName(leading)
                : null;
        return analysis.Baseline.PrecedentsOf(blockage.Task.Type, item, analysis.Row.Target.ClusterId);
    }

    /// <summary>What upstream documents about each item stands beside what it says of it.</summary>
    private static IReadOnlyList<FailureDetail> WithRemedies(TaskFailure failure) =>
        failure.Type == UpgradeTaskType.PreCheck
            ? [.. failure.Details.Select(detail => FailurePhrases.IsOwn(failure, detail) ? detail : CheckItemAdvice.WithRemedy(detail))]
            : failure.Details;

    private static TaskSummary[] Tasks(WorkflowAnalysis analysis, IReadOnlyList<TimeSegment> segments)
    {
        var summaries = new TaskSummary[analysis.Tasks.Count];
        for (var i = 0; i < summaries.Length; i++)
        {
            summaries[i] = Of(analysis.Tasks[i], analysis, segments);
        }

        return summaries;
    }

    private static TaskSummary Of(TaskTimes task, WorkflowAnalysis analysis, IReadOnlyList<TimeSegment> segments) =>
        new()
        {
            Type = task.Type,
            TaskId = task.Task.TaskId,
            Status = task.Status,
            Required = task.Required,
            PassedOver = task.IsPassedOver ? true : null,
            Missing = task.Node.Presence == TaskPresence.Missing ? true : null,
            DependsOn = Types(task.Node.DependsOn),
            Dependencies = Dependencies(task.Node, analysis.Graph),
            StartedAt = task.Task.StartedAt,
            EndedAt = task.EndedAt,
            ExpiresAt = task.Task.ExpiresAt,
            DurationSeconds = Seconds(task.Duration),
            WaitSeconds = Seconds(task.Wait),
            Time = TimeSplit.Of(segments, task.Type),
            Progress = RunningOf(task)?.Word,
            ProgressSince = RunningOf(task)?.Since,
            ProgressAt = RunningOf(task)?.ReadAt,
            FailedItems = RunningOf(task) is { Items: { Count: > 0 } items } ? [.. items.Select(CheckItemAdvice.WithRemedy)] : null,
            Attempts = task.Runs.Count,
            Runs = Runs(task, analysis),
        };

    private static RunProgress? RunningOf(TaskTimes task) => task.Status == UpgradeTaskStatus.Running ? task.Progress : null;

    private static UpgradeTaskType[] Types(List<TaskNode> nodes)
    {
        if (nodes.Count == 0)
        {
            return [];
        }

        var types = new UpgradeTaskType[nodes.Count];
        for (var i = 0; i < types.Length; i++)
        {
            types[i] = nodes[i].Type;
        }

        return types;
    }

    private static TaskDependencySummary[] Dependencies(TaskNode node, TaskGraph graph)
    {
        if (node.DependsOn.Count == 0)
        {
            return [];
        }

        var dependencies = new TaskDependencySummary[node.DependsOn.Count];
        for (var i = 0; i < dependencies.Length; i++)
        {
            var type = node.DependsOn[i].Type;
            dependencies[i] = new TaskDependencySummary(type, graph.IsCritical(type, node.Type));
        }

        return dependencies;
    }

    private static TaskAttemptSummary[] Runs(TaskTimes task, WorkflowAnalysis analysis)
    {
        if (task.Runs.Count == 0)
        {
            return [];
        }

        var runs = new TaskAttemptSummary[task.Runs.Count];
        for (var i = 0; i < runs.Length; i++)
        {
            runs[i] = Of(task.Runs[i], analysis);
        }

        return runs;
    }

    private static TaskAttemptSummary Of(TaskAttempt run, WorkflowAnalysis analysis) =>
        new()
        {
            TaskId = run.TaskId,
            Status = run.Status,
            StartedAt = run.StartedAt,
            EndedAt = TaskTimes.EndOf(run),
            DurationSeconds = Seconds(TaskTimes.DurationOf(run, analysis.AsOf)),
            EndObserved = run.Superseded && (run.EndedAt is null || run.Status.IsOpen()) ? false : null,
            Details =
                run.Status == UpgradeTaskStatus.Failed
                && TaskFailures.Of(analysis.Row.TaskFailures, run) is { Details: { Count: > 0 } details }
                    ? details
                    : null,
        };

    private static double? Seconds(TimeSpan? span) => span?.TotalSeconds;
}
