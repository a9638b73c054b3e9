namespace Autopilot.Core.Workflows;

/// <summary>The course of one run, by upstream's own times, and by observations where upstream gives none.</summary>
internal sealed class AttemptTimeline
{
    private readonly WorkflowAnalysis _analysis;
    private readonly DateTimeOffset _firstSeen;
    private readonly DateTimeOffset _notBefore;
    private readonly IReadOnlyList<StatusSpan> _spans;

    private AttemptTimeline(WorkflowAnalysis analysis, TaskAttempt run, TaskAttempt? next, DateTimeOffset? notBefore = null)
    {
        _analysis = analysis;
        Run = run;
        Next = next;
        _firstSeen = run.FirstSeenAt ?? run.StatusSince;
        _spans =
            run.Spans
            ?? (run.Status.IsRunningOrPaused() || run.Status.HasEnded() ? [] : [new StatusSpan(run.Status, run.StatusSince, null)]);
        var last = LastEventBefore(analysis, run, _firstSeen);
        _notBefore = notBefore > last && notBefore <= _firstSeen ? notBefore.Value : last;
        End = EndOf(run);
    }

    /// <summary>
    /// Adds the course of a run. Times beside a queued status are those of a run before it, which failed: it has a course of its own.
    /// </summary>
    public static void AddTo(List<AttemptTimeline> courses, WorkflowAnalysis analysis, TaskAttempt run, TaskAttempt? next)
    {
        if (!IsQueued(run.Status) || run.StartedAt is null)
        {
            courses.Add(new(analysis, run, next));
            return;
        }

        var spans = run.Spans ?? [];
        var first = spans.Count;
        while (
            first > 0
            && IsQueued(spans[first - 1].Status)
            && (spans[first - 1].Until ?? run.LastSeenAt) >= (first == spans.Count ? run.StatusSince : spans[first].From)
        )
        {
            first--;
        }

        var queuedSince = first < spans.Count ? spans[first].From : run.StatusSince;
        var before = run with { Status = UpgradeTaskStatus.Failed, StatusSince = queuedSince, Spans = [.. spans.Take(first)] };
        var queued = run with
        {
            StartedAt = null,
            EndedAt = null,
            FirstSeenAt = queuedSince,
            Spans = [new StatusSpan(run.Status, queuedSince, null)],
        };
        courses.Add(new(analysis, before, queued) { IsOfEarlierRun = true });
        courses.Add(new(analysis, queued, next, Instants.Later(run.StartedAt, run.EndedAt)));
    }

    public TaskAttempt Run { get; }

    /// <summary>Whether it is the course of the run before <see cref="Run"/>, whose times a queued run still showed.</summary>
    public bool IsOfEarlierRun { get; private init; }

    /// <summary>The next run of the same task; null for the last.</summary>
    public TaskAttempt? Next { get; }

    /// <summary>When it ended: upstream's end, else the observation that stands in for it; null while it is under way.</summary>
    public DateTimeOffset? End { get; }

    /// <summary>Whether its end was seen. How an attempt ended that a later one replaced while it ran is unknown.</summary>
    public bool IsEndSeen => !Run.Superseded || Run.Status.HasEnded();

    /// <summary>
    /// Where a run begins that has no start of upstream's: at the first observation that shows it under way. One that was first seen when
    /// it had ended stands at its end, and one that was only queued has not begun: null.
    /// </summary>
    public DateTimeOffset? BeginSeen()
    {
        var boundaries = new List<DateTimeOffset>();
        AddBoundaries(boundaries);
        boundaries.Sort();
        foreach (var boundary in boundaries)
        {
            var stage = At(boundary);
            if (
                boundary >= _firstSeen
                && (
                    stage is AttemptStatusAt.Running or AttemptStatusAt.Paused
                    || (stage == AttemptStatusAt.Unknown && !IsQueuedAt(boundary))
                )
            )
            {
                return boundary;
            }
        }

        return IsQueued(Run.Status) ? null : End;
    }

    /// <summary>Adds every time at which <see cref="At"/> may change.</summary>
    public void AddBoundaries(List<DateTimeOffset> boundaries)
    {
        boundaries.Add(_firstSeen);
        boundaries.Add(_notBefore);
        boundaries.Add(Run.LastSeenAt);
        boundaries.Add(Run.StatusSince);
        for (var i = 0; i < _spans.Count; i++)
        {
            boundaries.Add(_spans[i].From);
            boundaries.Add(_spans[i].Until ?? _spans[i].From);
        }

        boundaries.Add(Run.StartedAt ?? _firstSeen);
        boundaries.Add(End ?? _firstSeen);
        boundaries.Add(Run.ExpiresAt ?? _firstSeen);
    }

    /// <summary>The attempt's stage at a time.</summary>
    public AttemptStatusAt At(DateTimeOffset moment)
    {
        if (moment >= End)
        {
            return !Run.Status.IsKnown && !Run.Superseded ? AttemptStatusAt.Unknown
                : !IsEndSeen && Next is not null && moment < BeginOf(Next) && IsInGap(moment) ? AttemptStatusAt.Unknown
                : AttemptStatusAt.Ended;
        }

        if (moment < (Run.StartedAt ?? _firstSeen))
        {
            return BeforeStart(moment);
        }

        if (SpanAt(moment) is { } span && (Run.StartedAt is null || !IsQueued(span.Status)))
        {
            return During(span, moment);
        }

        return IsUnseen(moment) ? AttemptStatusAt.Unknown : AttemptStatusAt.Running;
    }

    /// <summary>
    /// The attempt as one that had ended. How it ended is unknown where a later one replaced it unseen: as only a failed task is run again,
    /// it counts as failed.
    /// </summary>
    public TaskAttempt Ended() => IsEndSeen ? Run : Run with { Status = UpgradeTaskStatus.Failed, EndedAt = End };

    /// <summary>Whether upstream had stopped to show it by then, with no later run of the task in its place.</summary>
    public bool HasVanished(DateTimeOffset moment) => Run.Superseded && Next is null && moment >= Run.LastSeenAt;

    private AttemptStatusAt BeforeStart(DateTimeOffset moment)
    {
        // What is queued stays so until it starts.
        for (var i = 0; i < _spans.Count; i++)
        {
            if (IsQueued(_spans[i].Status) && moment >= _spans[i].From)
            {
                return AttemptStatusAt.Queued;
            }
        }

        var beginIsObserved =
            Run.StartedAt is null
            || (
                _spans is [{ Status: var status, From: var seen }, ..]
                && IsQueued(status)
                && seen <= _firstSeen
                && _firstSeen < Run.StartedAt
            );
        return beginIsObserved && moment >= _notBefore && IsUnseenUntil(_firstSeen, moment)
            ? AttemptStatusAt.Unknown
            : AttemptStatusAt.NotBegun;
    }

    private AttemptStatusAt During(StatusSpan span, DateTimeOffset moment) =>
        !span.Status.IsKnown ? AttemptStatusAt.Unknown
        : span.Status == UpgradeTaskStatus.Pause
            ? IsInGap(moment) ? AttemptStatusAt.Unknown
                : AttemptStatusAt.Paused
        : IsUnseenUntil(span.Until, moment) ? AttemptStatusAt.Unknown
        : AttemptStatusAt.Queued;

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

    private bool IsQueuedAt(DateTimeOffset moment) => SpanAt(moment) is { } span && IsQueued(span.Status);

    private DateTimeOffset FirstObserved => _analysis.Row.FirstObservedAt ?? _analysis.Row.TrackedAt;

    private bool IsInGap(DateTimeOffset moment) => GapAt(moment) is not null;

    private ObservationGap? GapAt(DateTimeOffset moment)
    {
        var gaps = _analysis.Row.Gaps;
        for (var i = 0; i < gaps.Count; i++)
        {
            if (moment >= gaps[i].From && moment < gaps[i].To)
            {
                return gaps[i];
            }
        }

        return null;
    }

    /// <summary>Whether the time lies in the gap, or before the first observation, that ended when something was first seen.</summary>
    private bool IsUnseenUntil(DateTimeOffset? seen, DateTimeOffset moment) =>
        moment < seen && (seen <= FirstObserved || GapAt(moment)?.To == seen);

    /// <summary>
    /// Whether something may have come before the observation that shows it. That goes for a pause, a status that we don't know, and an end
    /// for which upstream gives no time.
    /// </summary>
    private bool IsUnseen(DateTimeOffset moment)
    {
        for (var i = 0; i < _spans.Count; i++)
        {
            if (!IsQueued(_spans[i].Status) && IsUnseenUntil(_spans[i].From, moment))
            {
                return true;
            }
        }

        return Run.Status.HasEnded() && Run.EndedAt is null && IsUnseenUntil(Run.StatusSince, moment);
    }

    private static bool IsQueued(UpgradeTaskStatus status) => status.IsOpen() && !status.IsRunningOrPaused();

    private static DateTimeOffset? EndOf(TaskAttempt run) => run.Status.HasEnded() ? run.EndedAt ?? run.StatusSince : TaskTimes.EndOf(run);

    /// <summary>When it had begun at the latest.</summary>
    private static DateTimeOffset BeginOf(TaskAttempt run)
    {
        var begin = run.StartedAt ?? run.FirstSeenAt ?? run.StatusSince;
        return EndOf(run) is { } end && end < begin ? end : begin;
    }

    /// <summary>What upstream shows to have happened before cannot have been this run.</summary>
    private static DateTimeOffset LastEventBefore(WorkflowAnalysis analysis, TaskAttempt run, DateTimeOffset moment)
    {
        var last = analysis.State.CreatedAt ?? DateTimeOffset.MinValue;
        for (var i = 0; i < analysis.Runs.Count; i++)
        {
            var other = analysis.Runs[i];
            if (!ReferenceEquals(other, run))
            {
                last = other.StartedAt <= moment && other.StartedAt > last ? other.StartedAt.Value : last;
                last = !other.Status.IsOpen() && other.EndedAt is { } end && end <= moment && end > last ? end : last;
            }
        }

        return last;
    }
}
