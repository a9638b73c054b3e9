using Autopilot.Core.Paging;
using Autopilot.Core.Workflows;

namespace Autopilot.Core.Listing;

/// <summary>A page of a list of workflows.</summary>
public sealed record WorkflowList
{
    /// <summary>In their order.</summary>
    public required IReadOnlyList<ListedWorkflow> Items { get; init; }

    /// <summary>What was normal when they were assessed.</summary>
    public required Baseline Baseline { get; init; }

    /// <summary>
    /// Active workflows that match every filter but the assessment, by assessment; the nine that an active one can have are always there.
    /// </summary>
    public required IReadOnlyDictionary<Assessment, int> Counts { get; init; }

    /// <summary>Rows that were met and cannot be read.</summary>
    public int Unreadable { get; init; }

    /// <summary>Why it is short though there is more; null where it is full or the last one.</summary>
    public PartialReason? Partial { get; init; }

    /// <summary>Null on the last page.</summary>
    public string? ContinuationToken { get; init; }

    /// <summary>Active and untracked workflows that follow this page; finished ones, which are not counted, may follow besides.</summary>
    public int Remaining { get; init; }

    /// <summary>All that the list depends on but the size of the page.</summary>
    public required string Query { get; init; }

    /// <summary><see cref="Counts"/> as JSON names them.</summary>
    public IReadOnlyDictionary<string, int> CountsByName() => Counts.ToDictionary(count => count.Key.ToString(), count => count.Value);

    /// <summary>The first entries of it, with which the page is short for its size.</summary>
    public WorkflowList Cut(int count)
    {
        var left = Items.Skip(count).Count(item => item.Row.Outcome is null);
        return this with
        {
            Items = [.. Items.Take(count)],
            Partial = PartialReason.Size,
            ContinuationToken = Paging.ContinuationToken.Encode(Query, Items[count - 1].Key),
            Remaining = Remaining + left,
        };
    }
}
