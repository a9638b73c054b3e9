using System.Globalization;
using Autopilot.Core.Workflows.Actions;
using static Autopilot.Core.Workflows.Actions.ActionPhrases;

namespace Autopilot.Core.Workflows;

/// <summary>Why upstream's reason for a failure is not known.</summary>
internal static class FailureDetailInsights
{
    public const string TooLargeCode = "FailureDetailsTooLarge";

    /// <summary>That upstream's document about a failed task is larger than this process reads, and which setting allows more.</summary>
    public static void Add(List<Insight> insights, TaskTimes task)
    {
        if (task.Failure is { TooLargeFor: { } limit })
        {
            var advice = AdviceText.Of($"Raise Cce:MaxAnswerBytes, so that the next poll reads it, or {LookAtTaskInConsole}.");
            insights.Add(
                new Insight
                {
                    Code = TooLargeCode,
                    Level = InsightLevel.Warning,
                    Task = task.Type,
                    Since = task.EndedAt ?? task.StatusSince,
                    Summary = string.Create(
                        CultureInfo.InvariantCulture,
                        $"Why {TaskPhrases.Name(task.Type)} failed is not known: upstream's document about it is larger than {limit} bytes."
                    ),
                    Remediation = advice.Text,
                    Actions = advice.Actions,
                }
            );
        }
    }
}
