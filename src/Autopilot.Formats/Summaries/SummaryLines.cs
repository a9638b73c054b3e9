using Autopilot.Core.Workflows;
using Autopilot.Core.Workflows.Actions;

namespace Autopilot.Formats.Summaries;

/// <summary>
/// A summary as lines of text for assistants: every fact, each line whole by itself, since many clients pass nothing but the text on.
/// Foreign texts may still hold several lines.
/// </summary>
public static class SummaryLines
{
    /// <summary>The whole summary, the headline first. That it is stale is left to the caller.</summary>
    public static IEnumerable<string> Of(WorkflowSummary summary) => Of(summary, isWhole: true);

    /// <summary>What holds it up and what is worth knowing beside it, the headline first.</summary>
    public static IEnumerable<string> OfBlocking(WorkflowSummary summary) => Of(summary, isWhole: false);

    private static IEnumerable<string> Of(WorkflowSummary summary, bool isWhole)
    {
        var view = SummaryView.Of(summary, SummaryStyle.ForAssistants);
        return
        [
            view.Headline,
            .. Begin(view, summary.Id),
            .. Blocking(view),
            .. summary.Actions.GroupBy(RuleOf).Select(Line),
            .. isWhole ? view.Tasks.Select(Line) : [],
            .. isWhole ? view.Figures.Select(Line) : [],
            .. End(view),
        ];
    }

    private static IEnumerable<string> Begin(SummaryView view, string id) =>
        [
            $"{view.Assessment}: upgrade {id}, cluster {view.Name}{(view.Versions is { } versions ? $", {versions}" : "")}.",
            .. view.Warnings.Where(warning => warning.Label != SummaryView.Stale).Select(Line),
        ];

    private static IEnumerable<string> Blocking(SummaryView view) =>
        view.Blocking is { } blocking
            ?
            [
                $"{blocking.Label}: {blocking.What}.",
                blocking.Message,
                .. blocking.Details.Select(detail => $"- {Line(detail)}"),
                .. blocking.ToDo is { } toDo ? [$"To do: {toDo}"] : (string[])[],
                .. blocking.Before is { } before ? [$"Before: {before}"] : (string[])[],
                .. blocking.References.Select(reference => $"See {reference.Title}: {reference.Url}"),
            ]
            : ["No task holds it up."];

    private static IEnumerable<string> End(SummaryView view) =>
        [
            .. view.Insights.Select(insight => $"- {insight.Level} {insight.Label}: {insight.Text}"),
            $"{string.Join("; ", view.Facts.Select(Line))}.",
        ];

    private static string Line((string Label, string Text) part) => $"{part.Label}: {part.Text}";

    private static ActionRuleView RuleOf(WorkflowAction action) =>
        new(action.Allowed, action.Basis, action.Advised, action.Caution is true, action.Reason);

    /// <summary>Actions that upstream treats alike, with the reason.</summary>
    private static string Line(IGrouping<ActionRuleView, WorkflowAction> actions) =>
        $"- {string.Join(", ", actions.Select(action => action.Action))}: "
        + actions.Key switch
        {
            { Caution: true } => "allowed, but never advise it",
            { Advised: true } => "advised",
            { Allowed: ActionAllowed.Yes } => "allowed",
            { Allowed: ActionAllowed.No } => "refused",
            _ => "not documented",
        }
        + $"{(actions.Key.Basis is { } basis ? $" ({basis})" : "")}. {actions.Key.Reason}";

    private static string Line(TaskView task) =>
        string.Join(
            ", ",
            [
                $"{(task.IsRun ? "  " : "- ")}{task.Name}: {task.Status}",
                .. task.Attempts.Length > 0 ? [$"{task.Attempts} attempt{(task.Attempts == "1" ? "" : "s")}"] : (string[])[],
                .. task.Waited is "" or "–" ? (string[])[] : [$"waited {task.Waited}"],
                .. task.Ran is "" or "–" ? (string[])[] : [$"ran {task.Ran}"],
                .. task.Notes,
            ]
        ) + ".";

    /// <summary>What upstream says of an action.</summary>
    private sealed record ActionRuleView(ActionAllowed Allowed, ActionBasis? Basis, bool Advised, bool Caution, string Reason);
}
