using Autopilot.Api.Mcp;
using Autopilot.Core.Workflows.Actions;

namespace Autopilot.Api.Tests.Mcp;

/// <summary>What tools say of every summary of the corpus.</summary>
public sealed class ToolAdviceTests
{
    private static readonly string[] Names = Enum.GetNames<UpgradeAction>();

    [Fact]
    public void No_tool_names_an_action_that_upstream_refuses()
    {
        Assert.True(CorpusSummaries.All.Count > 200);
        foreach (var (name, summary) in CorpusSummaries.All)
        {
            var lines = ToolText.Of(summary).OfType<string>().ToList();
            var refused = lines.Where(line => !IsOfAction(line)).SelectMany(line => NamedActions.In(line)).Where(NamedActions.CanBeRefused);

            Assert.Empty(refused.Except(NamedActions.PossibleFor(summary)).Select(action => $"{action} in {name}"));
            Assert.All(
                summary.Actions,
                action => Assert.Contains(lines, line => IsOfAction(line) && line.Contains($"{action.Action}", StringComparison.Ordinal))
            );
        }
    }

    /// <summary>The lines that list the actions, with the reasons why they are refused.</summary>
    private static bool IsOfAction(string line) => Array.Exists(Names, name => line.StartsWith($"- {name}", StringComparison.Ordinal));
}
