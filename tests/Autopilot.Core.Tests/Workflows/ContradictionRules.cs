using Autopilot.Core.Workflows;

namespace Autopilot.Core.Tests.Workflows;

/// <summary>What no two sentences of one summary may say at once.</summary>
internal static class ContradictionRules
{
    private static readonly string[] Waiting = ["nothing to do but", "wait until"];

    private static readonly string[] Acting = ["run the pre-check again", "run it again", "retry the upgrade", "start the "];

    public static void Check(WorkflowSummary summary)
    {
        var blocking = summary.BlockingTask;
        var somethingMoves = summary.Tasks.Any(task =>
            task.Status == UpgradeTaskStatus.Running || task.Status == UpgradeTaskStatus.Queuing
        );
        var sentences = new[] { summary.Headline, blocking?.Message, blocking?.Remediation }
            .Concat(summary.Insights.SelectMany(insight => new[] { insight.Summary, insight.Remediation }))
            .OfType<string>()
            .ToList();

        Assert.All(sentences, sentence => Assert.DoesNotContain(sentence, char.IsControl));
        Assert.All(sentences, sentence => Assert.False(somethingMoves && Says(sentence, "nothing moves"), sentence));
        if (blocking is not null && summary.Assessment != Assessment.Gone)
        {
            // The same advice in both, or in neither.
            Assert.Equal(Says(summary.Headline, Waiting), Says(blocking.Remediation, Waiting));
            Assert.Equal(
                Says(summary.Headline, "support ticket if it does not move"),
                Says(blocking.Remediation, "no progress", "whether another operation")
            );
            Assert.Equal(Says(summary.Headline, "what upstream waits for"), Says(blocking.Remediation, "what upstream waits for"));
            Assert.Equal(Says(summary.Headline, "open a support ticket now"), Says(blocking.Remediation, "at once"));
        }

        if (Says(summary.Headline, Waiting))
        {
            // A summary that says to wait does not say to act now.
            Assert.All(
                summary.Insights,
                insight =>
                    Assert.False(
                        insight.Level == InsightLevel.Error && insight.Code == "TaskFailed" && Says(insight.Remediation!, Acting),
                        insight.Remediation
                    )
            );
            Assert.DoesNotContain(
                summary.Insights,
                insight => insight.Code == "PreCheckExpiresSoon" && insight.Remediation!.StartsWith("Start ", StringComparison.Ordinal)
            );
        }

        foreach (var insight in summary.Insights)
        {
            CheckAdvice(summary, insight);
        }

        foreach (var task in summary.Tasks.Where(task => task.PassedOver is true))
        {
            // Only a rollback leads back to what the upgrade went past.
            Assert.True(task.Type != blocking?.Type || blocking.Reason == BlockingReason.RolledBack);
            Assert.DoesNotContain(
                summary.Insights,
                insight => insight.Task == task.Type && insight.Code == "TaskFailed" && Says(insight.Remediation!, Acting)
            );
        }

        // A cluster that may be between two versions is a matter for a person, whether the workflow is over or not.
        var isLeft =
            summary.ClusterIs is ClusterIs.Between or ClusterIs.Unknown
            && summary.Assessment is Assessment.Completed or Assessment.Cancelled;
        Assert.All(sentences, sentence => Assert.False(isLeft && Says(sentence, "nothing has to be done"), sentence));
        Assert.All(
            sentences,
            sentence => Assert.True(summary.ClusterIs == ClusterIs.Old || !Says(sentence, "was undone by a rollback"), sentence)
        );
        CheckEnd(summary);
        CheckEstimate(summary);
    }

    /// <summary>An insight advises nothing that the blocking task rules out.</summary>
    private static void CheckAdvice(WorkflowSummary summary, Insight insight)
    {
        var advice = insight.Remediation!;
        var reason = summary.BlockingTask?.Reason;
        if (Says(advice, "start the cluster upgrade before"))
        {
            Assert.Equal((BlockingReason.AwaitingStart, UpgradeTaskType.Cluster), (reason, summary.BlockingTask!.Type));
        }

        if (insight.Code == "LongWait" && Says(advice, "cancel the workflow"))
        {
            Assert.True(
                reason is BlockingReason.AwaitingStart or BlockingReason.PreCheckExpired or BlockingReason.RolledBack,
                $"{advice} beside {reason}"
            );
        }

        if (
            insight.Code == "RepeatedFailure"
            && summary.Assessment != Assessment.Gone
            && !Says(advice, "nothing has to be done", "which version the cluster is on")
        )
        {
            var task = summary.Tasks.Single(task => task.Type == insight.Task);
            Assert.True(summary.EndedAt is null && task.PassedOver is not true, advice);
            Assert.False(task.Status == UpgradeTaskStatus.Success && reason is BlockingReason.AwaitingConfirmation, advice);
            Assert.True(
                reason != BlockingReason.RollingBack || insight.Task == UpgradeTaskType.Rollback || Says(advice, "rollback through first"),
                advice
            );
        }
    }

    private static void CheckEnd(WorkflowSummary summary)
    {
        if (summary.Assessment == Assessment.Gone)
        {
            Assert.True(
                summary.BlockingTask is null
                    || (
                        !Says(summary.BlockingTask.Message, " has been ")
                        && Says(summary.BlockingTask.Remediation, "Check in the CCE console")
                    )
            );
            Assert.DoesNotContain(
                summary.Insights,
                insight => Says(insight.Remediation!, Waiting) || (insight.Code == "TaskFailed" && Says(insight.Remediation!, Acting))
            );
        }

        Assert.Equal(
            summary.Assessment == Assessment.Completed && summary.ClusterIs == ClusterIs.New,
            Says(summary.Headline, " was completed")
        );
        Assert.True(
            summary.ClusterIs == ClusterIs.New || !Says(summary.Headline, "is done but", "has all its required tasks done"),
            summary.Headline
        );
        Assert.True(summary.BlockingTask?.Reason != BlockingReason.RolledBack || summary.ClusterIs == ClusterIs.Old);
    }

    private static void CheckEstimate(WorkflowSummary summary)
    {
        if (summary.Estimate is { } estimate)
        {
            Assert.True(estimate.CompletesAt is null || estimate.CompletesAt >= summary.ObservedAt);
            Assert.True(
                summary.Assessment is Assessment.Progressing or Assessment.Slow or Assessment.Stalled,
                $"An estimate beside {summary.Assessment}."
            );
            Assert.False(
                summary.Assessment is Assessment.Slow or Assessment.Stalled
                    && summary.BlockingTask!.Reason == BlockingReason.InProgress
                    && estimate.CompletesAt is not null
            );
        }
    }

    private static bool Says(string sentence, params ReadOnlySpan<string> words)
    {
        foreach (var word in words)
        {
            if (sentence.Contains(word, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }
}
