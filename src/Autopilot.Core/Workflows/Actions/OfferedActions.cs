namespace Autopilot.Core.Workflows.Actions;

/// <summary>What a person may do now, in a line.</summary>
public static class OfferedActions
{
    /// <summary>
    /// <c>run the pre-check · cancel the workflow</c>: what upstream allows a person to do with the upgrade, what is advised first; null
    /// where that is nothing. What may have consequences that are not documented is left out.
    /// </summary>
    public static string? Of(IReadOnlyList<WorkflowAction> actions)
    {
        var offered = actions.Where(IsOffered).Select(action => ActionPhrases.Offer(action.Action));
        return string.Join(" · ", offered) is { Length: > 0 } text ? text : null;
    }

    private static bool IsOffered(WorkflowAction action) =>
        action is { Allowed: ActionAllowed.Yes, Caution: not true }
        && action.Action is not (UpgradeAction.Wait or UpgradeAction.ContactSupport or UpgradeAction.LookInConsole);
}
