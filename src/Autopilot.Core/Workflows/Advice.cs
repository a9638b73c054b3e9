using Autopilot.Core.Workflows.Actions;

namespace Autopilot.Core.Workflows;

/// <summary>
/// What a person does next: as the last clause of a headline, without capital and full stop, and as a sentence of its own. Both say the
/// same.
/// </summary>
internal readonly record struct Advice(AdviceText Clause, AdviceText Sentence)
{
    /// <summary>Both in words, with the actions that are interpolated into them.</summary>
    public static Advice Of(AdviceTextHandler clause, AdviceTextHandler sentence) => new(clause.ToAdvice(), sentence.ToAdvice());
}
