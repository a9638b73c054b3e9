using Autopilot.Core.Workflows.Actions;
using static Autopilot.Core.Workflows.Actions.ActionPhrases;

namespace Autopilot.Core.Workflows;

/// <summary>What to do about failed items of a pre-check, by upstream's documentation of each.</summary>
internal static class CheckItemAdvice
{
    private const string DayLong = "it reads the audit logs of the past day, so it can fail for up to 24 hours after the last such call";

    private static readonly ActionPhrase RunIt = RunItAgain(UpgradeAction.RunPreCheck);
    private static readonly AdviceText Mend = AdviceText.Of($"mend what it found and {RunIt}");
    private static readonly AdviceText MendOrTicket = AdviceText.Of($"mend what it found and {RunIt}, and {OpenTicket} if it fails again");
    private static readonly AdviceText Again = AdviceText.Of($"{RunIt}, and {OpenTicket} if it fails again");
    private static readonly AdviceText Ticket = AdviceText.Of($"{OpenTicket}, since only support can mend it");

    private static readonly double DaySeconds = TimeSpan.FromDays(1).TotalSeconds;

    /// <summary>
    /// The failure with the item that decides what to do next first: the worst one that something has to be done about, else the worst. So
    /// every text that names one item first names this one.
    /// </summary>
    public static TaskFailure LeadingFirst(TaskFailure failure)
    {
        if (failure.Type != UpgradeTaskType.PreCheck || failure.Details is not [var worst, _, ..] || !NeedsNothing(worst))
        {
            return failure;
        }

        return failure with
        {
            Details = [.. failure.Details.OrderBy(NeedsNothing)],
        };
    }

    private static bool NeedsNothing(FailureDetail detail) => CheckItemCatalog.Find(detail) is { By: MendedBy.NoOne };

    /// <summary>What to do about the leading item, and that others wait; null where upstream documents no such item.</summary>
    public static Advice? For(TaskFailure failure, FailureDetail leading)
    {
        if (CheckItemCatalog.Find(leading) is not { } item)
        {
            return null;
        }

        return new(ClauseOf(item), AdviceText.Of($"{SentenceOf(item)}{Others(failure, leading, item)}"));
    }

    /// <summary>What to do where every failed item is a risk: null unless all are one documented item that the user can mend.</summary>
    public static Advice? ForRisk(TaskFailure failure)
    {
        if (Single(failure) is not { } item || item.By is MendedBy.Support or MendedBy.NoOne or MendedBy.Unknown)
        {
            return null;
        }

        var within = item.Recheck == Recheck.WithinDay ? $": {DayLong}" : "";
        return new(
            AdviceText.Of($"{ConfirmRisks} or remove their causes, then {RunIt}"),
            item.ConfirmAfter
                ? AdviceText.Of($"Judge the risk in the details. {item.Action}; then {ConfirmRisk} and {RunPreCheckAgain}{within}.")
                : AdviceText.Of($"Judge the risk in the details. {item.Action}, or {ConfirmRisk}; then {RunPreCheckAgain}{within}.")
        );
    }

    /// <summary>
    /// The detail with what upstream documents about its item, else with what its group says; as it is where neither is known.
    /// </summary>
    public static FailureDetail WithRemedy(FailureDetail detail) =>
        CheckItemCatalog.Find(detail) is { } item ? detail with { Remedy = RemedyOf(item) }
        : ByGroup(detail.Group) is { } remedy ? detail with { Remedy = remedy }
        : detail;

    private static Remedy RemedyOf(CheckItem item) =>
        new()
        {
            Item = item.Title,
            By = item.By,
            Action = $"{item.Action}{(item.ConfirmAfter ? "; the item may then be confirmed" : "")}.",
            Recheck = item.Recheck,
            RecheckWithinSeconds = item.Recheck == Recheck.WithinDay ? DaySeconds : null,
            MayBeSkipped = item.MayBeSkipped ? true : null,
            References = ReferencePages.For(item),
        };

    private static Remedy? ByGroup(string? group) =>
        group switch
        {
            "LimitCheck" => Of(MendedBy.User, "Remove what stands in the way by the details, such as a restriction."),
            "MasterCheck" => Of(
                MendedBy.RetryThenSupport,
                "Wait some minutes: Huawei Cloud runs the control plane.",
                Recheck.TicketOnSecondFailure
            ),
            "NodeCheck" => Of(MendedBy.User, "Repair or replace the nodes that the details name."),
            "AddonCheck" => Of(MendedBy.User, "Repair, upgrade or reconfigure the add-on that the details name.", Recheck.AfterChange),
            "ExecuteException" => Of(MendedBy.RetryThenSupport, "The check itself broke.", Recheck.TicketOnSecondFailure),
            _ => null,
        };

    private static Remedy Of(MendedBy by, string action, Recheck recheck = Recheck.AtOnce) =>
        new()
        {
            By = by,
            Action = action,
            Recheck = recheck,
        };

    /// <summary>The documented item that all failed items are; null where they are several, or one is not documented.</summary>
    private static CheckItem? Single(TaskFailure failure) =>
        failure is { Omitted: 0, Details: [var first, ..] }
        && CheckItemCatalog.Find(first) is { } item
        && failure.Details.All(detail => CheckItemCatalog.Find(detail) == item)
            ? item
            : null;

    private static AdviceText ClauseOf(CheckItem item) =>
        item.By switch
        {
            MendedBy.Support => Ticket,
            MendedBy.RetryThenSupport => Again,
            MendedBy.NoOne => AdviceText.Of($"{RunIt}"),
            MendedBy.UserThenSupport => MendOrTicket,
            _ => Mend,
        };

    private static AdviceText SentenceOf(CheckItem item) =>
        item.By switch
        {
            MendedBy.Support => AdviceText.Of(
                $"{item.Action}. {OpenTicketWithId.AtStart} and the text of the check, and {RunPreCheckAgain} once support has acted."
            ),
            MendedBy.RetryThenSupport => AdviceText.Of($"{item.Action}: {RunPreCheckAgain}, and {OpenTicketWithId} if it fails again."),
            MendedBy.NoOne => AdviceText.Of($"{item.Action}. {RunPreCheckAgain.AtStart}; if the item still blocks, {OpenTicketWithId}."),
            MendedBy.UserThenSupport => AdviceText.Of($"{item.Action}, then {RunPreCheckAgain}; if it fails again, {OpenTicketWithId}."),
            MendedBy.UserOrSupport => AdviceText.Of($"{Mended(item)}; {OpenTicketWithId} where you cannot mend it."),
            MendedBy.Unknown => AdviceText.Of(
                $"{item.Action}; upstream documents no remedy, so {OpenTicketWithId} where you cannot mend it. Then {RunPreCheckAgain}."
            ),
            _ => AdviceText.Of($"{Mended(item)}{(item.MayBeSkipped ? "; upstream documents that the item may be skipped" : "")}."),
        };

    private static AdviceText Mended(CheckItem item) =>
        item.Recheck switch
        {
            Recheck.WithinDay => AdviceText.Of($"{item.Action}. Then {RunPreCheckAgain}: {DayLong}"),
            Recheck.OtherTarget => AdviceText.Of($"{item.Action}, and {RunPreCheck} for that version"),
            Recheck.AfterChange => AdviceText.Of($"{item.Action}; {RunPreCheckAgain} {item.When}"),
            _ => AdviceText.Of($"{item.Action}, then {RunPreCheckAgain}"),
        };

    /// <summary>A ticket takes longest, so it is named first among what else is to do.</summary>
    private static AdviceText Others(TaskFailure failure, FailureDetail leading, CheckItem item)
    {
        var others = failure
            .Details.Where(detail => detail != leading)
            .Select(detail => (detail.Name, Item: CheckItemCatalog.Find(detail)))
            .Where(other => other.Item?.Title != item.Title && other.Item is not { By: MendedBy.NoOne })
            .ToList();
        return item.By != MendedBy.Support && others.Find(other => other.Item is { By: MendedBy.Support }) is { Item: { } ticket }
                ? AdviceText.Of($" Only support can mend '{ticket.Title}': {OpenTicket} for it now.")
            : others.Count > 0 || failure.Omitted > 0 ? AdviceText.Of(" The details say what the other failed items need.")
            : AdviceText.Of("");
    }
}
