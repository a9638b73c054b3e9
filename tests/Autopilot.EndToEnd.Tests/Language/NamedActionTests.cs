using Autopilot.Core.Workflows;
using Autopilot.Core.Workflows.Actions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Autopilot.EndToEnd.Tests.Language;

/// <summary>
/// What people are advised to do with an upgrade is decided in one place, so no other text of the product names an action: its words come
/// from <c>ActionPhrases</c>, where the plan sees them.
/// </summary>
public sealed class NamedActionTests
{
    /// <summary>Where texts about upgrades are worded.</summary>
    private static readonly string[] Folders =
    [
        "src/Autopilot.Core/Workflows",
        "src/Autopilot.Core/Notifications",
        "src/Autopilot.Core/Reporting",
        "src/Autopilot.Formats",
        "src/Autopilot.Notifications/Formats",
        "src/Autopilot.Api/Mcp",
    ];

    /// <summary>The phrases themselves, and the reasons why an action is allowed or not.</summary>
    private const string Home = "src/Autopilot.Core/Workflows/Actions/";

    /// <summary>A link's title names a page.</summary>
    private const string LinkTitle = "The cluster in the CCE console";

    [Fact]
    public void No_text_names_an_action_outside_the_phrases_of_actions()
    {
        var hits = Folders
            .SelectMany(folder => Directory.EnumerateFiles(Repository.PathOf(folder), "*.cs", SearchOption.AllDirectories))
            .Select(file => Path.GetRelativePath(Repository.Root, file).Replace('\\', '/'))
            .Where(path => !path.StartsWith(Home, StringComparison.Ordinal) && !path.Contains("/obj/", StringComparison.Ordinal))
            .SelectMany(path => Hits(path, Repository.Text(path)))
            .ToList();

        Assert.True(hits.Count == 0, string.Join('\n', hits));
    }

    [Fact]
    public void A_text_that_names_an_action_is_found_and_a_comment_is_not() =>
        Assert.Equal(
            ["file.cs: Then retry the upgrade.", "file.cs: , or cancel the workflow"],
            Hits(
                "file.cs",
                """
                // Retry the upgrade.
                var (a, b, c) = ("Then retry the upgrade.", $"{a}, or cancel the workflow", "It was cancelled.");
                """
            )
        );

    private static IEnumerable<string> Hits(string path, string code) =>
        CSharpSyntaxTree
            .ParseText(code)
            .GetRoot()
            .DescendantNodes()
            .Select(node =>
                node switch
                {
                    LiteralExpressionSyntax literal when literal.IsKind(SyntaxKind.StringLiteralExpression) => literal.Token.ValueText,
                    InterpolatedStringTextSyntax text => text.TextToken.ValueText,
                    _ => null,
                }
            )
            .OfType<string>()
            .Where(text => text != LinkTitle)
            // A word alone is a name, and to wait is nothing that upstream could refuse.
            .Where(text => text.Contains(' ', StringComparison.Ordinal))
            .Where(text => NamedActions.In(text, UpgradeTaskType.PreCheck).Any(action => action != UpgradeAction.Wait))
            .Select(text => $"{path}: {text}");
}
