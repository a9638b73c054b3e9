namespace Autopilot.Core.Workflows;

/// <summary>
/// What is normal: how long each kind of task took, per minor version that was upgraded to and over all versions. Every finished workflow
/// counts, however it ended. Each of its tasks that ended in <c>Success</c> counts with the run time of its last attempt. A failed attempt
/// says nothing about how long success takes.
/// </summary>
public sealed class Baseline
{
    /// <summary>Most finished workflows that are read, the newest.</summary>
    public const int MaxRuns = 1000;

    /// <summary>With fewer upgrades than this nothing counts as normal.</summary>
    public const int FewestRuns = 3;

    /// <summary>Most failures that are kept: with long names they are some 100 KB in the row.</summary>
    public const int MaxFailures = 1000;

    private readonly Dictionary<(UpgradeTaskType Type, string? Minor), AttemptDurations> _times;
    private readonly ILookup<(UpgradeTaskType Type, string? Item), FailurePrecedent> _failures = Enumerable
        .Empty<FailurePrecedent>()
        .ToLookup(failure => (failure.Type, failure.Item));

    /// <summary>As it was kept. Of two entries for the same kind the last counts.</summary>
    public Baseline(IReadOnlyList<BaselineEntry> entries)
    {
        Entries = entries;
        _times = new(entries.Count);
        foreach (var entry in entries)
        {
            _times[(entry.Type, entry.Minor)] = entry.Times;
        }
    }

    /// <summary>Nothing is known yet.</summary>
    public static Baseline Empty { get; } = new([]);

    /// <summary>By type and version, of each type that over all versions first.</summary>
    public IReadOnlyList<BaselineEntry> Entries { get; }

    /// <summary>
    /// What failed in the same upgrades, the newest first, at most <see cref="MaxFailures"/>: each failed task and each item that it named.
    /// </summary>
    public IReadOnlyList<FailurePrecedent> Failures
    {
        get;
        init
        {
            field = value;
            _failures = value.ToLookup(failure => (failure.Type, failure.Item));
        }
    } = [];

    /// <summary>
    /// The end of the oldest upgrade all of whose failures are kept, where <see cref="MaxFailures"/> leaves older ones out; null otherwise.
    /// </summary>
    public DateTimeOffset? FailuresSince =>
        Failures.Count < MaxFailures
            ? null
            : (Failures.LastOrDefault(failure => failure.WorkflowId != Failures[^1].WorkflowId) ?? Failures[^1]).EndedAt;

    /// <summary>
    /// Normal durations of a task of an upgrade to this version: by its minor version, else by any. Null where both have fewer than
    /// <see cref="FewestRuns"/> upgrades.
    /// </summary>
    public AttemptDurations? Find(UpgradeTaskType type, string? targetVersion)
    {
        if (_times.Count == 0)
        {
            return null;
        }

        return MinorOf(targetVersion) is { } minor && _times.TryGetValue((type, minor), out var same) && same.Count >= FewestRuns ? same
            : _times.TryGetValue((type, null), out var any) && any.Count >= FewestRuns ? any
            : null;
    }

    /// <summary>Earlier upgrades that failed on the item, else in the task; null where there are none.</summary>
    /// <param name="type">The task that failed.</param>
    /// <param name="item">The item that it failed on; null where none is named.</param>
    /// <param name="clusterId">The cluster of the upgrade that is compared.</param>
    public Precedents? PrecedentsOf(UpgradeTaskType type, string? item, string clusterId)
    {
        var same = _failures[(type, item)].ToList();
        if (same.Count == 0)
        {
            return null;
        }

        var blocked = same.Select(failure => failure.BlockedSeconds).OfType<double>().Order().ToArray();
        var here = same.Count(failure => failure.ClusterId == clusterId);
        var tasks = item is null ? [] : _failures[(type, null)].ToList();
        var last = same.MaxBy(failure => failure.EndedAt)!;
        return new Precedents
        {
            Item = item,
            Here = here,
            Elsewhere = same.Count - here,
            MedianBlockedSeconds = blocked.Length == 0 ? null : Percentile.NearestRank(blocked, 50),
            ResolvedByNextAttempt = same.Count(failure => failure.Resolved),
            Unknown = tasks.Count(task => !task.Named) is > 0 and var unknown ? unknown : null,
            NamesKnownSince = tasks.Where(task => task.Named).Select(task => (DateTimeOffset?)task.EndedAt).Min(),
            CountedSince = FailuresSince,
            Last = new LastPrecedent(last.WorkflowId, last.BlockedSeconds, last.EndedAt),
        };
    }

    /// <summary>The minor version of a version: <c>v1.28</c> of <c>v1.28.6-r0</c>. Null of what has another form.</summary>
    public static string? MinorOf(string? version)
    {
        var text = version.AsSpan().Trim();
        var digits = text.StartsWith("v", StringComparison.OrdinalIgnoreCase) ? text[1..] : text;
        var dot = digits.IndexOf('.');
        if (dot < 1)
        {
            return null;
        }

        var minor = digits[(dot + 1)..];
        var end = minor.IndexOfAnyExceptInRange('0', '9');
        end = end < 0 ? minor.Length : end;
        return end > 0 && (end == minor.Length || minor[end] is '.' or '-' or '+') && digits[..dot].IndexOfAnyExceptInRange('0', '9') < 0
            ? $"v{digits[..(dot + 1 + end)]}"
            : null;
    }
}
