namespace Autopilot.Cli;

/// <summary>What <c>wait</c> waits for, and what makes it give up.</summary>
/// <param name="Until">The word of the API: completed, moved, confirmed or unblocked.</param>
/// <param name="FailOn">Assessments that end the wait, in any case.</param>
internal sealed record Waiting(string Until, IReadOnlyList<string> FailOn)
{
    /// <summary>What may be waited for.</summary>
    public static IReadOnlyList<string> Words { get; } = ["completed", "moved", "confirmed", "unblocked"];

    /// <summary>What is waited for, as the end of a sentence about the upgrade.</summary>
    public string State => Until is "completed" or "moved" ? $"has {Until}" : $"is {Until}";

    /// <summary>The exit code once the wait is over; null while it goes on.</summary>
    /// <param name="upgrade">As it is now.</param>
    /// <param name="first">As it was when the wait began.</param>
    public int? Ends(Upgrade upgrade, Upgrade first)
    {
        if (Holds(upgrade, first))
        {
            // What was cancelled, is gone or was rolled back has ended, and not as it was waited for.
            return Until != "completed" || upgrade is { Assessment: "Completed", ClusterIs: "New" or null }
                ? ExitCode.Reached
                : ExitCode.Failed;
        }

        return upgrade.EndedAt is not null || FailOn.Contains(upgrade.Assessment, StringComparer.OrdinalIgnoreCase)
            ? ExitCode.Failed
            : null;
    }

    /// <summary>The query of the next request: a state that may end the wait ends it, too.</summary>
    public string Query(Upgrade upgrade, Upgrade first, int seconds) =>
        FailOn.Count > 0 ? $"?until=moved&after={upgrade.Sequence}&timeout={seconds}"
        : Until == "moved" ? $"?until=moved&after={first.Sequence}&timeout={seconds}"
        : $"?until={Until}&timeout={seconds}";

    private bool Holds(Upgrade upgrade, Upgrade first) =>
        Until switch
        {
            "completed" => upgrade.Phase is "Success" or "Cancel" || upgrade.Assessment == "Gone",
            "moved" => upgrade.Sequence != first.Sequence,
            "confirmed" => upgrade.Tasks?.Any(task => task is { Type: "PostCheck", Status: "Success" }) is true,
            _ => upgrade.Assessment is not ("Blocked" or "Stalled"),
        };
}
