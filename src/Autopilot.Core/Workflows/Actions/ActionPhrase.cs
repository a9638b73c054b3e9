namespace Autopilot.Core.Workflows.Actions;

/// <summary>Words that name an action.</summary>
/// <param name="Action">The action.</param>
/// <param name="Text">The words, as they stand within a sentence.</param>
internal readonly record struct ActionPhrase(UpgradeAction Action, string Text)
{
    /// <summary>For the beginning of a sentence.</summary>
    public ActionPhrase AtStart => this with { Text = $"{char.ToUpperInvariant(Text[0])}{Text[1..]}" };
}
