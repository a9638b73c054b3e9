namespace Autopilot.Core.Workflows;

/// <summary>What to do about failed items of a pre-check, by upstream's documentation of each.</summary>
internal static class CheckItemAdvice
{
    private const string Mend = "mend what it found and run it again",
        Again = "run it again, and open a support ticket if it fails again",
        Ticket = "open a support ticket, since only support can mend it",
        Run = "run the pre-check again",
        TicketWithId = "open a support ticket with the task's id",
        DayLong = "it reads the audit logs of the past day, so it can fail for up to 24 hours after the last such call";

    private static readonly double DaySeconds = TimeSpan.FromDays(1).TotalSeconds;

    /// <summary>The item that decides what to do next: the worst one that something has to be done about, else the worst.</summary>
    public static FailureDetail? Leading(TaskFailure? failure) =>
        failure is null ? null
        : failure.Details.FirstOrDefault(detail => CheckItemCatalog.Find(detail) is not { By: MendedBy.NoOne }) is { } leading ? leading
        : failure.Details is [var worst, ..] ? worst
        : null;

    /// <summary>What to do about the leading item, and that others wait; null where upstream documents no such item.</summary>
    public static Advice? For(TaskFailure failure, FailureDetail leading)
    {
        if (CheckItemCatalog.Find(leading) is not { } item)
        {
            return null;
        }

        return new(ClauseOf(item), $"{SentenceOf(item)}{Others(failure, leading, item)}");
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
            "judge the risks and run it again",
            $"Judge the risk in the details. {item.Action}, or confirm the risk in the CCE console; then {Run}{within}."
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
            Action = $"{item.Action}.",
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

    private static string ClauseOf(CheckItem item) =>
        item.By switch
        {
            MendedBy.Support => Ticket,
            MendedBy.RetryThenSupport => Again,
            MendedBy.NoOne => "run it again",
            MendedBy.UserThenSupport => $"{Mend}, and open a support ticket if it fails again",
            _ => Mend,
        };

    private static string SentenceOf(CheckItem item) =>
        item.By switch
        {
            MendedBy.Support =>
                $"{item.Action}. Open a support ticket with the task's id and the text of the check, and {Run} once support has acted.",
            MendedBy.RetryThenSupport => $"{item.Action}: {Run}, and {TicketWithId} if it fails again.",
            MendedBy.NoOne => $"{item.Action}. Run the pre-check again; if the item still blocks, {TicketWithId}.",
            MendedBy.UserThenSupport => $"{item.Action}, then {Run}; if it fails again, {TicketWithId}.",
            MendedBy.UserOrSupport => $"{Mended(item)}; {TicketWithId} where you cannot mend it.",
            MendedBy.Unknown => $"{item.Action}; upstream documents no remedy, so {TicketWithId} where you cannot mend it. Then {Run}.",
            _ => $"{Mended(item)}{(item.MayBeSkipped ? "; upstream documents that the item may be skipped" : "")}.",
        };

    private static string Mended(CheckItem item) =>
        item.Recheck switch
        {
            Recheck.WithinDay => $"{item.Action}. Then {Run}: {DayLong}",
            Recheck.OtherTarget => $"{item.Action}, and run the pre-check for that version",
            Recheck.AfterChange => $"{item.Action}; {Run} {item.When}",
            _ => $"{item.Action}, then {Run}",
        };

    /// <summary>A ticket takes longest, so it is named first among what else is to do.</summary>
    private static string Others(TaskFailure failure, FailureDetail leading, CheckItem item)
    {
        var others = failure
            .Details.Where(detail => detail != leading)
            .Select(detail => (detail.Name, Item: CheckItemCatalog.Find(detail)))
            .Where(other => other.Item?.Title != item.Title && other.Item is not { By: MendedBy.NoOne })
            .ToList();
        return item.By != MendedBy.Support && others.Find(other => other.Item is { By: MendedBy.Support }) is { Item: { } ticket }
                ? $" Only support can mend '{ticket.Title}': open a support ticket for it now."
            : others.Count > 0 || failure.Omitted > 0 ? " The details say what the other failed items need."
            : "";
    }
}
