using Autopilot.Core.Paging;
using Autopilot.Core.Workflows;

namespace Autopilot.Core.Listing;

/// <summary>
/// Keeps the first entries of an order and lets the others go, so that a list holds no more rows than it shows. Not safe for several
/// threads.
/// </summary>
internal sealed class SmallestEntries(int most, IComparer<SortKey> order)
{
    private readonly PriorityQueue<ListedWorkflow, SortKey> _last = new(Comparer<SortKey>.Create((x, y) => order.Compare(y, x)));

    /// <summary>How many were added, kept or not.</summary>
    public int Added { get; private set; }

    public void Add(TrackedWorkflow row, SortKey key)
    {
        Added++;
        if (_last.Count < most)
        {
            _last.Enqueue(new ListedWorkflow(row, key), key);
        }
        else if (_last.TryPeek(out _, out var last) && order.Compare(key, last) < 0)
        {
            _last.EnqueueDequeue(new ListedWorkflow(row, key), key);
        }
    }

    /// <summary>Those that were kept, in order.</summary>
    public List<ListedWorkflow> InOrder()
    {
        var entries = _last.UnorderedItems.Select(item => item.Element).ToList();
        entries.Sort((x, y) => order.Compare(x.Key, y.Key));
        return entries;
    }
}
