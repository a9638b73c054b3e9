using Autopilot.Core.Workflows.Actions;
using Autopilot.Notifications.Formats;

namespace Autopilot.Notifications.Tests;

/// <summary>What messages say of every summary of the corpus.</summary>
public sealed class AdviceTests
{
    [Fact]
    public void No_message_names_an_action_that_upstream_refuses()
    {
        Assert.True(CorpusSummaries.All.Count > 200);
        var offers = 0;
        foreach (var (name, summary) in CorpusSummaries.All)
        {
            var view = NotificationView.Of(
                Samples.Blocked with
                {
                    Facts = Samples.Blocked.Facts with
                    {
                        Headline = summary.Headline,
                        BlockingTask = summary.BlockingTask,
                        Actions = summary.Actions,
                    },
                }
            );
            string?[] texts = [view.Headline, view.Message, view.ToDo, view.MayDo, .. view.Facts.Select(fact => fact.Value)];
            var named = texts.OfType<string>().SelectMany(text => NamedActions.In(text)).Where(NamedActions.CanBeRefused);

            Assert.Empty(named.Except(NamedActions.PossibleFor(summary)).Select(action => $"{action} in {name}"));
            Assert.Equal(OfferedActions.Of(summary.Actions), view.MayDo);
            offers += view.MayDo is null ? 0 : 1;
        }

        Assert.True(offers > 50);
    }
}
