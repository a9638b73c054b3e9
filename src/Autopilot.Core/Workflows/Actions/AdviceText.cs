namespace Autopilot.Core.Workflows.Actions;

/// <summary>
/// What a person does next, with the actions that it names. Its words come from <see cref="ActionPhrases"/>, so that none is named unseen.
/// </summary>
/// <param name="Text">The words.</param>
/// <param name="Actions">The actions that they name, in their order, each once.</param>
internal sealed record AdviceText(string Text, IReadOnlyList<UpgradeAction> Actions)
{
    /// <summary>Words that name no action.</summary>
    public static AdviceText Of(string text) => new(text, []);

    /// <summary>Words with the actions that are interpolated into them.</summary>
    public static AdviceText Of(AdviceTextHandler words) => words.ToAdvice();
}
