namespace Autopilot.Core.Workflows;

/// <summary>What a run was at a moment of the past.</summary>
internal enum RunStage
{
    /// <summary>It had not begun.</summary>
    NotBegun,

    /// <summary>It was queued.</summary>
    Queued,

    /// <summary>It was running.</summary>
    Running,

    /// <summary>It was paused.</summary>
    Paused,

    /// <summary>It had ended.</summary>
    Ended,

    /// <summary>Neither upstream's own times nor observations say.</summary>
    Unknown,
}

/// <summary>The course of one run, by upstream's own times, and by observations where upstream gives none.</summary>
internal sealed class RunCourse
{
    private readonly WorkflowReading _reading;
    private readonly DateTimeOffset _firstSeen;
    private readonly DateTimeOffset _notBefore;
    private readonly IReadOnlyList<StatusSpan> _spans;

    public RunCourse(WorkflowReading reading, TaskRun run, TaskRun? next)
    {
        _reading = reading;
        Run = run;
        Next = next;
        _firstSeen = run.FirstSeenAt ?? run.StatusSince;
        _spans = run.Spans ?? (run.Status.IsRunningOrPaused() || run.Status.HasEnded() ? [] : [new StatusSpan(run.Status, run.StatusSince, null)]);
        _notBefore = LastEventBefore(reading, run, _firstSeen);
        End = EndOf(run);
    }

    public TaskRun Run { get; }

    /// <summary>The next run of the same task; null for the last.</summary>
    public TaskRun? Next { get; }

    /// <summary>When it ended: upstream's end, else the observation that stands in for it; null while it goes on.</summary>
    public DateTimeOffset? End { get; }

    /// <summary>Whether its end was seen: a run that was superseded while it ran has ended nobody knows how.</summary>
    public bool IsEndSeen => !Run.Superseded || Run.Status.HasEnded();

    /// <summary>Every moment at which <see cref="At"/> may turn.</summary>
    public IEnumerable<DateTimeOffset> Turns()
    {
        yield return _firstSeen;
        yield return _notBefore;
        yield return Run.LastSeenAt;
        yield return Run.StatusSince;
        foreach (var span in _spans)
        {
            yield return span.From;
            yield return span.Until ?? span.From;
        }

        yield return Run.StartedAt ?? _firstSeen;
        yield return End ?? _firstSeen;
        yield return Run.ExpiresAt ?? _firstSeen;
    }

    /// <summary>What the run was at a moment.</summary>
    public RunStage At(DateTimeOffset moment)
    {
        if (moment >= End)
        {
            return !IsEndSeen && Next is not null && moment < BeginOf(Next) && IsInGap(moment) ? RunStage.Unknown : RunStage.Ended;
        }

        if (moment < (Run.StartedAt ?? _firstSeen))
        {
            return BeforeStart(moment);
        }

        if (SpanAt(moment) is { } span)
        {
            return During(span, moment);
        }

        // An end that only an observation shows may have come at any moment since the observation before.
        var endIsObserved = Run.Status.HasEnded() && Run.EndedAt is null;
        return endIsObserved && (Run.StatusSince <= FirstObserved || IsInGap(moment)) ? RunStage.Unknown : RunStage.Running;
    }

    /// <summary>
    /// The run as one that had ended. How a superseded run ended that was not seen to is unknown: as only what failed is run again, it counts as failed. One that upstream
    /// stopped to show without another in its place counts no more once it was last seen.
    /// </summary>
    public TaskRun Ended(DateTimeOffset moment) => Run with
    {
        Status = IsEndSeen ? Run.Status : UpgradeTaskStatus.Failed,
        EndedAt = Run.EndedAt ?? End,
        Superseded = Run.Superseded && Next is null && moment >= Run.LastSeenAt,
    };

    private RunStage BeforeStart(DateTimeOffset moment)
    {
        // What is queued stays so until it starts.
        if (_spans is [{ Status: var first, From: var from }, ..] && first.IsOpen() && first != UpgradeTaskStatus.Pause && moment >= from)
        {
            return RunStage.Queued;
        }

        var beginIsObserved = Run.StartedAt is null || _spans is [{ From: var seen }, ..] && seen < Run.StartedAt;
        return beginIsObserved && moment < _firstSeen && moment >= _notBefore && IsUnseenBefore(moment) ? RunStage.Unknown : RunStage.NotBegun;
    }

    private RunStage During(StatusSpan span, DateTimeOffset moment) =>
        !span.Status.IsKnown ? RunStage.Unknown
        : span.Status == UpgradeTaskStatus.Pause ? IsInGap(moment) ? RunStage.Unknown : RunStage.Paused
        : Run.StartedAt is not null ? RunStage.Running
        : span.Until is not null && EndsInGap(span.Until.Value, moment) ? RunStage.Unknown
        : RunStage.Queued;

    private StatusSpan? SpanAt(DateTimeOffset moment)
    {
        for (var i = _spans.Count - 1; i >= 0; i--)
        {
            if (moment >= _spans[i].From)
            {
                return moment < (_spans[i].Until ?? DateTimeOffset.MaxValue) ? _spans[i] : null;
            }
        }

        return null;
    }

    private DateTimeOffset FirstObserved => _reading.Row.FirstObservedAt ?? _reading.Row.TrackedAt;

    private bool IsInGap(DateTimeOffset moment) => _reading.Row.Gaps.Any(gap => moment >= gap.From && moment < gap.To);

    private bool EndsInGap(DateTimeOffset until, DateTimeOffset moment) => _reading.Row.Gaps.Any(gap => gap.To == until && moment >= gap.From);

    /// <summary>Whether the observation that showed it first was the first of all, or the first after a gap.</summary>
    private bool IsUnseenBefore(DateTimeOffset moment) =>
        _firstSeen <= FirstObserved || EndsInGap(_firstSeen, moment);

    private static DateTimeOffset? EndOf(TaskRun run) => run.Status.HasEnded() ? run.EndedAt ?? run.StatusSince : TaskTimes.EndOf(run);

    private static DateTimeOffset BeginOf(TaskRun run) => run.StartedAt ?? run.FirstSeenAt ?? run.StatusSince;

    /// <summary>What upstream shows to have happened before cannot have been this run.</summary>
    private static DateTimeOffset LastEventBefore(WorkflowReading reading, TaskRun run, DateTimeOffset moment)
    {
        var last = reading.State.CreatedAt ?? DateTimeOffset.MinValue;
        foreach (var other in reading.Runs)
        {
            if (!ReferenceEquals(other, run))
            {
                last = other.StartedAt <= moment && other.StartedAt > last ? other.StartedAt.Value : last;
                last = TaskTimes.EndOf(other) is { } end && end <= moment && end > last ? end : last;
            }
        }

        return last;
    }
}
