namespace Autopilot.Core.Workflows;

/// <summary>One thing upstream says about a failed task.</summary>
public sealed record FailureDetail
{
    /// <summary>The failed item; the task's own type where it is the task that speaks.</summary>
    public required string Name { get; init; }

    /// <summary><c>Exception</c>: a person must mend it. <c>Risk</c>: a person may confirm it and go on.</summary>
    public string? Kind { get; init; }

    /// <summary>
    /// <c>LimitCheck</c>, <c>MasterCheck</c>, <c>NodeCheck</c>, <c>AddonCheck</c>, <c>ExecuteException</c>, or what upstream says.
    /// </summary>
    public string? Group { get; init; }

    /// <summary><c>Fatal</c>, <c>Warning</c>, <c>Info</c>, or what upstream says.</summary>
    public string? Level { get; init; }

    /// <summary>Upstream's text, redacted; null when it gave none.</summary>
    public string? Message { get; init; }

    /// <summary>Upstream's own codes of the failure, at most 8.</summary>
    public IReadOnlyList<string> ErrorCodes
    {
        get;
        init => field = value ?? [];
    } = [];

    /// <summary>
    /// Where upstream sees the risk: deprecated APIs with their callers, add-ons, nodes, changed configuration; of many nodes the first.
    /// </summary>
    public IReadOnlyList<string>? RiskSources { get; init; }

    /// <summary>On how many nodes the item failed, at least 1; null where upstream names no node.</summary>
    public int? Nodes { get; init; }

    /// <summary>
    /// True where only the time says that it is about this run: upstream documents no link between the two. Left out otherwise.
    /// </summary>
    public bool? Probable { get; init; }

    // Derived from the rest whenever a summary is made, and so never stored with a failure.
    /// <summary>What upstream documents about the item; null where that is not known.</summary>
    public Remedy? Remedy { get; init; }
}
