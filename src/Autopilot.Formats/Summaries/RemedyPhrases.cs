using Autopilot.Core.Workflows;

namespace Autopilot.Formats.Summaries;

/// <summary>Says what a failed item of a pre-check needs, and from whom.</summary>
public static class RemedyPhrases
{
    /// <summary>One or two sentences.</summary>
    public static string Of(Remedy remedy) =>
        remedy.By switch
        {
            MendedBy.Support => $"Only support can mend it: {remedy.Action}",
            MendedBy.NoOne => $"Nothing to mend: {remedy.Action}",
            MendedBy.RetryThenSupport => $"Check again, then ask support: {remedy.Action}",
            MendedBy.UserThenSupport => $"To do: {remedy.Action} If that does not help, ask support.",
            MendedBy.UserOrSupport => $"To do, or to ask support for: {remedy.Action}",
            MendedBy.Unknown => $"No remedy is documented: {remedy.Action}",
            _ => $"To do: {remedy.Action}",
        }
        + (
            remedy.RecheckWithinSeconds is { } within
                ? $" A new check can fail for up to {HumanDuration.Of(TimeSpan.FromSeconds(within))} after that."
                : ""
        );
}
