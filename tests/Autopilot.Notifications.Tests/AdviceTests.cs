using System.Text.Json;
using System.Text.Json.Serialization;
using Autopilot.Core.Workflows;
using Autopilot.Core.Workflows.Actions;
using Autopilot.Notifications.Formats;

namespace Autopilot.Notifications.Tests;

/// <summary>What messages say of every summary of the corpus.</summary>
public sealed class AdviceTests
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { Converters = { new JsonStringEnumConverter() } };

    [Fact]
    public void No_message_names_an_action_that_upstream_refuses()
    {
        var files = Directory.GetFiles(
            Repository.PathOf("tests", "Autopilot.Core.Tests", "Corpus"),
            "summary.json",
            SearchOption.AllDirectories
        );
        Assert.True(files.Length > 200);
        var offers = 0;
        foreach (var file in files)
        {
            var summary = JsonSerializer.Deserialize<WorkflowSummary>(File.ReadAllText(file), Json)!;
            var allowed = summary
                .Actions.Where(action => action is { Allowed: ActionAllowed.Yes, Caution: not true })
                .Select(action => action.Action)
                .ToHashSet();
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

            Assert.Empty(named.Except(allowed).Select(action => $"{action} in {file}"));
            Assert.Equal(OfferedActions.Of(summary.Actions), view.MayDo);
            offers += view.MayDo is null ? 0 : 1;
        }

        Assert.True(offers > 50);
    }
}
