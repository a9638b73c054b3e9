using System.Text.Json;
using Autopilot.Api.Mcp;
using Autopilot.Api.Representations;
using Autopilot.Core.Workflows.Actions;

namespace Autopilot.Api.Tests.Mcp;

/// <summary>What tools say of every summary of the corpus.</summary>
public sealed class ToolAdviceTests
{
    private static readonly string[] Names = Enum.GetNames<UpgradeAction>();

    [Fact]
    public void No_tool_names_an_action_that_upstream_refuses()
    {
        var files = Directory.GetFiles(
            Repository.PathOf("tests", "Autopilot.Core.Tests", "Corpus"),
            "summary.json",
            SearchOption.AllDirectories
        );
        Assert.True(files.Length > 200);
        foreach (var file in files)
        {
            var summary = JsonSerializer.Deserialize(File.ReadAllText(file), ApiJson.Default.WorkflowSummary)!;
            var allowed = summary
                .Actions.Where(action => action is { Allowed: ActionAllowed.Yes, Caution: not true })
                .Select(action => action.Action)
                .ToHashSet();
            var lines = ToolText.Of(summary).OfType<string>().ToList();
            var refused = lines.Where(line => !IsOfAction(line)).SelectMany(line => NamedActions.In(line)).Where(NamedActions.CanBeRefused);

            Assert.Empty(refused.Except(allowed).Select(action => $"{action} in {file}"));
            Assert.All(
                summary.Actions,
                action => Assert.Contains(lines, line => IsOfAction(line) && line.Contains($"{action.Action}", StringComparison.Ordinal))
            );
        }
    }

    /// <summary>The lines that list the actions, with the reasons why they are refused.</summary>
    private static bool IsOfAction(string line) => Array.Exists(Names, name => line.StartsWith($"- {name}", StringComparison.Ordinal));
}
