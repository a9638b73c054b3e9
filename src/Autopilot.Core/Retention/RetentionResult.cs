namespace Autopilot.Core.Retention;

/// <summary>What a retention run deleted.</summary>
public sealed record RetentionResult
{
    /// <summary>Workflows that are gone with their whole history.</summary>
    public long Workflows { get; init; }

    /// <summary>States that are gone, those of gone workflows included.</summary>
    public long States { get; init; }

    /// <summary>Runs that are gone from the reports.</summary>
    public long Runs { get; init; }

    /// <summary>False when the budget ran out, the process stopped or the store failed: the next run continues.</summary>
    public bool Complete { get; init; } = true;

    /// <summary>How long the run took, in seconds.</summary>
    public double DurationSeconds { get; init; }

    /// <summary>Why it is not complete, in a sentence each.</summary>
    public IReadOnlyList<string> Errors { get; init; } = [];
}
