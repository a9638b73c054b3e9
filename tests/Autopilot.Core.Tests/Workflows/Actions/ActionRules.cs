using System.Text.Json;
using Autopilot.Core.Workflows;
using Autopilot.Core.Workflows.Actions;
using Autopilot.Formats.Summaries;

namespace Autopilot.Core.Tests.Workflows.Actions;

/// <summary>What holds of the actions of every summary, and of every text that names one, in every form for people.</summary>
internal static class ActionRules
{
    public static void Check(WorkflowSummary summary)
    {
        CheckList(summary);
        var allowed = NamedActions.PossibleFor(summary);
        var advised = summary.Actions.Where(action => action.Advised).Select(action => action.Action).ToHashSet();

        // What headline and remediation say is what is advised, no more and no less.
        var said = NamedActions.In(summary.Headline, summary.BlockingTask?.Type).ToHashSet();
        if (summary.BlockingTask is { } blocking)
        {
            said.UnionWith(NamedActions.In(blocking.Remediation, blocking.Type));
            Assert.Empty(NamedActions.In(blocking.MessageWithoutDetails()));
        }

        Assert.True(advised.SetEquals(said), $"Advised: {Text(advised)}; said: {Text(said)}. {summary.Headline}");
        foreach (var insight in summary.Insights)
        {
            var named = NamedActions.In(insight.Remediation!, insight.Task);
            Assert.True(named.SetEquals(insight.Actions ?? []), $"{insight.Remediation} {Text(insight.Actions ?? [])}");
            Assert.Empty(NamedActions.In(insight.Summary));
            Assert.True(named.Where(NamedActions.CanBeRefused).All(allowed.Contains), $"{insight.Code}: {insight.Remediation}");
            Assert.False(named.Contains(UpgradeAction.Wait) && !summary.Tasks.Any(IsUnderWay), $"{insight.Code}: {insight.Remediation}");
        }

        foreach (var form in Forms(summary))
        {
            var refused = NamedActions.In(form).Where(NamedActions.CanBeRefused).Except(allowed);
            Assert.True(!refused.Any(), $"{Text(refused)} in: {form}");
        }
    }

    private static void CheckList(WorkflowSummary summary)
    {
        var actions = summary.Actions;
        Assert.Equal(
            Enum.GetValues<UpgradeAction>().Where(NamedActions.CanBeRefused),
            actions.Select(action => action.Action).Where(NamedActions.CanBeRefused).Order()
        );
        Assert.Equal(actions.Count, actions.DistinctBy(action => action.Action).Count());
        // Every advice of the summary is listed, and what upstream cannot refuse is listed only where it is advice.
        var insights = summary.Insights.SelectMany(insight => insight.Actions ?? []).ToHashSet();
        Assert.Subset(actions.Select(action => action.Action).ToHashSet(), insights);
        Assert.All(
            actions,
            action => Assert.True(NamedActions.CanBeRefused(action.Action) || action.Advised || insights.Contains(action.Action))
        );
        Assert.All(actions, action => Assert.True(!action.Advised || action is { Allowed: ActionAllowed.Yes, Caution: null }));
        Assert.All(actions, action => Assert.Equal(action.Allowed == ActionAllowed.Unknown, action.Basis is null));
        Assert.All(actions, action => Assert.EndsWith(".", action.Reason, StringComparison.Ordinal));
        Assert.Equal(actions.Select(Rank).Order(), actions.Select(Rank));
        // A cancel is advised only before the cluster stage has started.
        var cancel = actions.Single(action => action.Action == UpgradeAction.Cancel);
        var hasStarted = summary.Tasks.Any(task => task.Type == UpgradeTaskType.Cluster && task.Attempts > 0);
        Assert.False(cancel.Advised && hasStarted);
        Assert.False(cancel is { Allowed: ActionAllowed.Yes, Caution: null } && hasStarted);
        Assert.False(cancel.Allowed == ActionAllowed.Yes && summary.Phase == WorkflowPhase.Running);
        Assert.False(cancel.Allowed == ActionAllowed.Yes && summary.Tasks.Any(IsUnderWay));
        if (summary.EndedAt is null && summary.Sequence > 0)
        {
            Assert.True(actions.Any(action => action.Advised), $"{summary.Assessment} has no advice. {summary.Headline}");
        }
    }

    private static int Rank(WorkflowAction action) =>
        action.Advised ? 0
        : action.Allowed == ActionAllowed.Yes ? 1
        : action.Allowed == ActionAllowed.Unknown ? 2
        : 3;

    private static bool IsUnderWay(TaskSummary task) =>
        task.Status == UpgradeTaskStatus.Running
        || task.Status == UpgradeTaskStatus.Pause
        || task.Status == UpgradeTaskStatus.Queuing
        || ((task.Status == UpgradeTaskStatus.Init || !task.Status.IsKnown) && (task.TaskId is not null || task.StartedAt is not null));

    private static IEnumerable<string> Forms(WorkflowSummary summary)
    {
        yield return SummaryText.Write(summary);
        yield return SummaryMarkdown.Write(summary).Replace("\\", "", StringComparison.Ordinal);
        using var card = JsonDocument.Parse(SummaryCard.Write(summary));
        yield return string.Join('\n', TextsIn(card.RootElement));
    }

    private static IEnumerable<string> TextsIn(JsonElement element) =>
        element.ValueKind switch
        {
            JsonValueKind.Object => element.EnumerateObject().SelectMany(member => TextsIn(member.Value)),
            JsonValueKind.Array => element.EnumerateArray().SelectMany(TextsIn),
            JsonValueKind.String => [element.GetString()!],
            _ => [],
        };

    private static string Text(IEnumerable<UpgradeAction> actions) => string.Join(", ", actions);
}
