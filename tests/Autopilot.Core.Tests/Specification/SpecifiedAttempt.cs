namespace Autopilot.Core.Tests.Specification;

/// <summary>One run of a task, with every observation of it.</summary>
internal sealed class SpecifiedAttempt(string type)
{
    public string Type { get; } = type;

    public string? Id { get; private set; }

    public StatusMeaning Stance { get; private set; }

    public DateTimeOffset? Start { get; private set; }

    public DateTimeOffset? End { get; private set; }

    /// <summary>The end that the last point showed, whatever its status.</summary>
    public DateTimeOffset? ShownEnd { get; private set; }

    public DateTimeOffset? Expiry { get; private set; }

    /// <summary>The start of an ended run that upstream still shows beside this one: no start of this run.</summary>
    public DateTimeOffset? LeftoverStart { get; init; }

    /// <summary>When it was seen, and what as; a missing point goes on as what it was.</summary>
    public List<(DateTimeOffset At, StatusMeaning Stance, bool Shown)> Seen { get; } = [];

    public DateTimeOffset FirstSeen => Seen[0].At;

    public DateTimeOffset LastShown => Seen.Last(s => s.Shown).At;

    public bool HasEnded => Stance is StatusMeaning.Succeeded or StatusMeaning.Failed;

    public bool HasStarted =>
        Start is not null || Stance is StatusMeaning.Running or StatusMeaning.Paused or StatusMeaning.Succeeded or StatusMeaning.Failed;

    /// <summary>Another run took its place, and its end was never seen.</summary>
    public bool Replaced { get; set; }

    /// <summary>First observation of the end that it has now.</summary>
    public DateTimeOffset FirstSeenEnded =>
        Seen[Seen.FindLastIndex(s => s.Stance is not (StatusMeaning.Succeeded or StatusMeaning.Failed)) + 1].At;

    /// <summary>First observation of what it is now, without a break.</summary>
    public DateTimeOffset StanceSince => Seen[Seen.FindLastIndex(s => s.Stance != Stance) + 1].At;

    public void See(SpecifiedSummary.Point point, DateTimeOffset at)
    {
        Id = point.Id ?? Id;
        Stance = point.Stance;
        Start = (point.Start == LeftoverStart ? null : point.Start) ?? Start;
        End = point.UnderWay && point.Stance is not StatusMeaning.Unfamiliar ? null : point.End ?? End;
        ShownEnd = point.End;
        Expiry = point.Expiry ?? Expiry;
        Seen.Add((at, point.Stance, true));
    }
}
