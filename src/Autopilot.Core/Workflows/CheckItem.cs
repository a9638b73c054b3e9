namespace Autopilot.Core.Workflows;

/// <summary>One item of the pre-check that upstream documents, or one documented cause of it.</summary>
/// <param name="Title">The English title of upstream's page.</param>
/// <param name="Group">The group that its failures probably have.</param>
/// <param name="By">Who can mend it.</param>
/// <param name="Action">What to do, or what is wrong where only support can mend it: begins with a capital, ends without a full
/// stop.</param>
internal sealed record CheckItem(string Title, string Group, MendedBy By, string Action)
{
    /// <summary>When a new check can pass.</summary>
    public Recheck Recheck =>
        SpecialRecheck
        ?? By switch
        {
            MendedBy.Support => Recheck.AfterSupport,
            MendedBy.RetryThenSupport => Recheck.TicketOnSecondFailure,
            MendedBy.NoOne => Recheck.Never,
            _ => When is null ? Recheck.AtOnce : Recheck.AfterChange,
        };

    /// <summary>When a new check can pass, where that does not follow from the rest.</summary>
    public Recheck? SpecialRecheck { get; init; }

    /// <summary>The Chinese title of upstream's page, without the words that every such title ends with.</summary>
    public string? ChineseTitle { get; init; }

    /// <summary>Other names of the item.</summary>
    public IReadOnlyList<string> Aliases { get; init; } = [];

    /// <summary>Parts of upstream's message that only this item, or only this cause, has.</summary>
    public IReadOnlyList<string> Fragments { get; init; } = [];

    /// <summary>When to run the check again, as a clause that begins with <c>when</c>; null where that is at once.</summary>
    public string? When { get; init; }

    /// <summary>Whether upstream documents that it may be skipped.</summary>
    public bool MayBeSkipped { get; init; }

    /// <summary>Whether the item stands after the action as well, so that a person confirms it then; not instead of the action.</summary>
    public bool ConfirmAfter { get; init; }

    /// <summary>Whether the check of an Autopilot cluster has it; otherwise only that of a standard cluster.</summary>
    public bool IsAutopilot { get; init; }

    /// <summary>Upstream's page about this item alone; null where only the list of items is known.</summary>
    public ReferenceLink? Page { get; init; }
}
