using System.Text.RegularExpressions;
using Autopilot.Core.Workflows;
using Autopilot.Core.Workflows.Actions;

namespace Autopilot.Testing;

/// <summary>Finds by its words which actions a text for people names, without any of the product's code.</summary>
internal static partial class NamedActions
{
    private static readonly (UpgradeAction Action, Regex Words)[] Patterns =
    [
        (UpgradeAction.RunPreCheck, PreCheck()),
        (UpgradeAction.ConfirmRisks, Risks()),
        (UpgradeAction.StartSnapshot, Snapshot()),
        (UpgradeAction.StartUpgrade, Upgrade()),
        (UpgradeAction.RetryUpgrade, Retry()),
        (UpgradeAction.Confirm, PostCheck()),
        (UpgradeAction.Cancel, Cancel()),
        (UpgradeAction.Wait, Waiting()),
        (UpgradeAction.ContactSupport, Ticket()),
        (UpgradeAction.LookInConsole, Console()),
    ];

    /// <summary>Those that upstream can refuse.</summary>
    public static bool CanBeRefused(UpgradeAction action) => action <= UpgradeAction.Cancel;

    /// <summary>Those that a text about the upgrade may name: upstream allows them, and what follows is documented.</summary>
    public static IReadOnlySet<UpgradeAction> PossibleFor(WorkflowSummary summary) =>
        summary
            .Actions.Where(action => action is { Allowed: ActionAllowed.Yes, Caution: not true })
            .Select(action => action.Action)
            .ToHashSet();

    /// <param name="text">A text for people.</param>
    /// <param name="subject">The task that <c>it</c> stands for; null where the text says no such thing.</param>
    public static IReadOnlySet<UpgradeAction> In(string text, UpgradeTaskType? subject = null)
    {
        var named = Patterns.Where(one => one.Words.IsMatch(text)).Select(one => one.Action).ToHashSet();
        if (subject is not null && It().IsMatch(text))
        {
            named.Add(
                subject.Value.Value switch
                {
                    "PreCheck" => UpgradeAction.RunPreCheck,
                    "Snapshot" => UpgradeAction.StartSnapshot,
                    "Cluster" => UpgradeAction.StartUpgrade,
                    "PostCheck" => UpgradeAction.Confirm,
                    _ => throw new ArgumentException($"'{text}' says what upstream has no call for: {subject}.", nameof(subject)),
                }
            );
        }

        return named;
    }

    [GeneratedRegex(@"(?i)\b(run|start)\s+the\s+pre-check\b")]
    private static partial Regex PreCheck();

    [GeneratedRegex(@"(?i)\bconfirm\s+(them|the\s+(risk|item)s?)\b")]
    private static partial Regex Risks();

    [GeneratedRegex(@"(?i)\b(run|start|take)\s+(a|the)\s+snapshot\b")]
    private static partial Regex Snapshot();

    [GeneratedRegex(@"(?i)\bstart\s+the\s+cluster\s+upgrade\b")]
    private static partial Regex Upgrade();

    [GeneratedRegex(@"(?i)\bretry\s+(it|the\s+upgrade)\b")]
    private static partial Regex Retry();

    [GeneratedRegex(@"(?i)\b(run|start)\s+the\s+post-check\b|\bconfirm\s+the\s+upgrade\b")]
    private static partial Regex PostCheck();

    [GeneratedRegex(@"\bcancel\b|\bCancel\s+(the|it)\b")]
    private static partial Regex Cancel();

    [GeneratedRegex(@"(?i)\bwait\b|\bwatch\s+it\b|\bthrough\s+first\b")]
    private static partial Regex Waiting();

    [GeneratedRegex(@"(?i)\bsupport\s+ticket\b")]
    private static partial Regex Ticket();

    [GeneratedRegex(@"(?i)(?<!\b(start\s+the\s+[\w-]+(\s+upgrade)?|confirm\s+(them|the\s+risk))\s+in\s+the\s+)\bCCE\s+console\b")]
    private static partial Regex Console();

    [GeneratedRegex(@"(?i)\b(run\s+it\s+again|start\s+it)\b")]
    private static partial Regex It();
}
