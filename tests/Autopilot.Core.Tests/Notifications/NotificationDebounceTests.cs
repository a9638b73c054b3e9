using Autopilot.Core.Notifications;
using Autopilot.Core.Workflows;
using CsCheck;

namespace Autopilot.Core.Tests.Notifications;

public sealed class NotificationDebounceTests
{
    private static readonly TimeSpan TwoMinutes = TimeSpan.FromMinutes(2);
    private static readonly DateTimeOffset Later = DateTimeOffset.MaxValue;

    [Fact]
    public void A_state_that_lasts_is_notified()
    {
        var transitions = TransitionSamples.Chain((0, Assessment.Blocked));

        Assert.Equal(new DebounceDecision(0, null, TransitionSamples.Start.AddSeconds(120)), Evaluate(transitions, 119));
        Assert.Equal(new DebounceDecision(1, transitions[0], null), Evaluate(transitions, 120));
    }

    [Fact]
    public void A_state_that_did_not_last_is_skipped_and_the_next_names_the_last_notified()
    {
        var transitions = TransitionSamples.Chain((0, Assessment.Progressing), (10, Assessment.Blocked));

        var decision = Evaluate(transitions, 130);

        Assert.Equal(2, decision.Done);
        Assert.Equal(
            (Assessment.NotStarted, Assessment.Blocked, 2),
            (decision.Notify!.From.Assessment, decision.Notify.To.Assessment, decision.Notify.Sequence)
        );
    }

    [Fact]
    public void A_workflow_that_is_back_where_it_was_is_not_notified()
    {
        var transitions = TransitionSamples.Chain((0, Assessment.Progressing), (10, Assessment.NotStarted));

        Assert.Equal(0, Evaluate(transitions, 20).Done);
        Assert.Equal(new DebounceDecision(2, null, null), Evaluate(transitions, 130));
    }

    [Fact]
    public void Short_flapping_is_notified_once_when_it_ends()
    {
        var transitions = TransitionSamples.Chain([
            .. Enumerable.Range(0, 12).Select(i => (i * 30, i % 2 == 0 ? Assessment.Slow : Assessment.Progressing)),
        ]);

        Assert.Equal(0, Evaluate(transitions, 400).Done);
        var decision = Evaluate(transitions, 450);
        Assert.Equal(
            (12, Assessment.Progressing, 12, false),
            (decision.Done, decision.Notify!.To.Assessment!.Value, decision.Notify.Sequence, decision.Notify.Unsettled)
        );
    }

    [Fact]
    public void Long_flapping_is_notified_as_unsettled_after_three_debounce_times()
    {
        var transitions = TransitionSamples.Chain([
            .. Enumerable.Range(0, 30).Select(i => (i * 30, i % 2 == 0 ? Assessment.Slow : Assessment.Progressing)),
        ]);

        Assert.Equal(0, Evaluate([.. transitions.Take(12)], 359).Done);
        var decision = Evaluate(transitions, 900);
        Assert.Equal((13, Assessment.Slow, true), (decision.Done, decision.Notify!.To.Assessment!.Value, decision.Notify.Unsettled));
        Assert.Equal(Assessment.NotStarted, decision.Notify.From.Assessment);
    }

    [Fact]
    public void State_that_was_seen_only_once_has_not_lasted()
    {
        var transitions = TransitionSamples.Chain((0, Assessment.Blocked), (300, Assessment.Progressing));
        transitions[1] = transitions[1] with { ReadBefore = TransitionSamples.Start };

        Assert.Equal(
            (2, Assessment.Progressing),
            (Evaluate(transitions, 420).Done, Evaluate(transitions, 420).Notify!.To.Assessment!.Value)
        );
        transitions[1] = transitions[1] with { ReadBefore = TransitionSamples.Start.AddSeconds(60) };
        Assert.Equal((1, Assessment.Blocked), (Evaluate(transitions, 420).Done, Evaluate(transitions, 420).Notify!.To.Assessment!.Value));
    }

    [Fact]
    public void The_latest_state_waits_for_a_second_read()
    {
        var transitions = TransitionSamples.Chain((0, Assessment.Blocked));

        Assert.Equal(
            0,
            NotificationDebounce
                .Decide(transitions, Transitions.Assessment, TwoMinutes, TransitionSamples.Start, TransitionSamples.Start.AddSeconds(600))
                .Done
        );
        Assert.Equal(
            1,
            NotificationDebounce
                .Decide(
                    transitions,
                    Transitions.Assessment,
                    TwoMinutes,
                    TransitionSamples.Start.AddSeconds(1),
                    TransitionSamples.Start.AddSeconds(600)
                )
                .Done
        );
    }

    [Fact]
    public void A_state_from_a_clock_that_was_ahead_is_notified_without_waiting()
    {
        var transitions = TransitionSamples.Chain((3600, Assessment.Blocked));

        Assert.Equal(new DebounceDecision(1, transitions[0], null), Evaluate(transitions, 0));
        Assert.True(Evaluate(TransitionSamples.Chain((3600, Assessment.Blocked), (0, Assessment.Progressing)), 0).Done > 0);
    }

    [Fact]
    public void An_end_is_notified_at_once()
    {
        var transitions = TransitionSamples.Chain((0, Assessment.Progressing), (10, Assessment.Completed));

        var decision = Evaluate(transitions, 10);

        Assert.Equal((2, Assessment.Completed), (decision.Done, decision.Notify!.To.Assessment));
    }

    [Fact]
    public void Without_debouncing_every_transition_is_notified()
    {
        var transitions = TransitionSamples.Chain((0, Assessment.Progressing), (0, Assessment.Slow), (1, Assessment.Progressing));

        Assert.Equal(
            [Assessment.Progressing, Assessment.Slow, Assessment.Progressing],
            Notified(transitions, TimeSpan.Zero, TransitionSamples.Start.AddSeconds(1)).Select(t => t.To.Assessment!.Value)
        );
    }

    [Fact]
    public void What_a_webhook_does_not_filter_on_unsettles_nothing_for_it()
    {
        var (a, b, c) = (
            TransitionSamples.StateOf(Assessment.NotStarted, "Init"),
            TransitionSamples.StateOf(Assessment.Blocked, "Running"),
            TransitionSamples.StateOf(Assessment.Blocked, "Pending")
        );
        List<Notification> transitions =
        [
            TransitionSamples.Turn("w1", 1, TransitionSamples.Start, a, b),
            TransitionSamples.Turn("w1", 2, TransitionSamples.Start.AddSeconds(60), b, c),
        ];

        Assert.Equal(
            2,
            NotificationDebounce
                .Decide(transitions, Transitions.Assessment, TwoMinutes, Later, TransitionSamples.Start.AddSeconds(120))
                .Done
        );
        Assert.Equal(
            0,
            NotificationDebounce.Decide(transitions, Transitions.Phase, TwoMinutes, Later, TransitionSamples.Start.AddSeconds(120)).Done
        );
        Assert.Equal(
            new DebounceDecision(1, null, null),
            NotificationDebounce.Decide([transitions[1]], Transitions.Assessment, TwoMinutes, Later, TransitionSamples.Start.AddSeconds(61))
        );
    }

    /// <summary>
    /// However often and whenever the rows are evaluated, the same is notified: each lasting state, in order, as a change from the last
    /// notified one.
    /// </summary>
    [Fact]
    public void However_often_it_is_evaluated_each_lasting_state_is_notified_once_in_order()
    {
        var assessments = Gen.Int[0, 3]
            .Select(i => ((Assessment[])[Assessment.Progressing, Assessment.Slow, Assessment.Blocked, Assessment.NotStarted])[i]);
        Gen.Select(Gen.Int[0, 300].Array[1, 12], assessments.Array[12], Gen.Int[0, 200], Gen.Int[1, 400].Array[0, 10])
            .Sample(
                (gaps, to, settle, scans) =>
                {
                    var second = 0;
                    var transitions = TransitionSamples.Chain([
                        .. gaps.Select((gap, i) => (second += gap, to[i]))
                            .Where((transition, i) => transition.Item2 != (i == 0 ? Assessment.NotStarted : to[i - 1])),
                    ]);
                    if (transitions.Count == 0 || transitions.Zip(transitions.Skip(1)).Any(pair => pair.First.To != pair.Second.From))
                    {
                        return true;
                    }

                    var (settleFor, end) = (TimeSpan.FromSeconds(settle), transitions[^1].At.AddHours(1));
                    var atOnce = Notified(transitions, settleFor, end);

                    // The same, looked at in between, with only those rows that are there by then.
                    var bitByBit = new List<Notification>();
                    var done = 0;
                    var now = TransitionSamples.Start;
                    foreach (var scan in (int[])[.. scans, 1_000_000])
                    {
                        now = now.AddSeconds(scan);
                        var there = transitions.Where(transition => transition.At <= now).ToList();
                        while (
                            done < there.Count
                            && NotificationDebounce.Decide([.. there.Skip(done)], Transitions.Assessment, settleFor, Later, now)
                                is { Done: > 0 } decision
                        )
                        {
                            done += decision.Done;
                            if (decision.Notify is { } tell)
                            {
                                bitByBit.Add(tell);
                            }
                        }
                    }

                    var lasted = transitions
                        .Where((transition, i) => (i + 1 < transitions.Count ? transitions[i + 1].At : end) - transition.At >= settleFor)
                        .ToList();
                    return done == transitions.Count
                        && atOnce.Select(t => (t.Id, t.From, t.To)).SequenceEqual(bitByBit.Select(t => (t.Id, t.From, t.To)))
                        && atOnce.All(t => t.From != t.To && (t.Unsettled || lasted.Any(l => l.Id == t.Id)))
                        && atOnce
                            .Zip(atOnce.Skip(1))
                            .All(pair => pair.First.Sequence < pair.Second.Sequence && pair.First.To == pair.Second.From)
                        && (atOnce.Count == 0 ? transitions[^1].To == transitions[0].From : atOnce[^1].To == transitions[^1].To);
                }
            );
    }

    private static DebounceDecision Evaluate(List<Notification> transitions, int second) =>
        NotificationDebounce.Decide(transitions, Transitions.Assessment, TwoMinutes, Later, TransitionSamples.Start.AddSeconds(second));

    private static List<Notification> Notified(List<Notification> transitions, TimeSpan settleFor, DateTimeOffset now)
    {
        var reported = new List<Notification>();
        for (var done = 0; done < transitions.Count; )
        {
            var decision = NotificationDebounce.Decide([.. transitions.Skip(done)], Transitions.Assessment, settleFor, Later, now);
            if (decision.Done == 0)
            {
                break;
            }

            done += decision.Done;
            if (decision.Notify is { } tell)
            {
                reported.Add(tell);
            }
        }

        return reported;
    }
}
