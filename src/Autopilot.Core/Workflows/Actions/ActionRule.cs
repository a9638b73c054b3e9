namespace Autopilot.Core.Workflows.Actions;

/// <summary>One cell of the <see cref="ActionTable"/>.</summary>
/// <param name="Allowed">Whether upstream allows the action.</param>
/// <param name="Basis">What that rests on; null where nothing is documented.</param>
/// <param name="Reason">Why, as a sentence.</param>
/// <param name="Caution">Whether what follows is not documented, so that it is never advised.</param>
internal sealed record ActionRule(ActionAllowed Allowed, ActionBasis? Basis, string Reason, bool Caution = false)
{
    public static ActionRule DocumentedYes(string reason) => new(ActionAllowed.Yes, ActionBasis.Documented, reason);

    public static ActionRule InferredYes(string reason) => new(ActionAllowed.Yes, ActionBasis.Inferred, reason);

    public static ActionRule DocumentedNo(string reason) => new(ActionAllowed.No, ActionBasis.Documented, reason);

    public static ActionRule InferredNo(string reason) => new(ActionAllowed.No, ActionBasis.Inferred, reason);

    public static ActionRule Unknown(string reason) => new(ActionAllowed.Unknown, null, reason);
}
