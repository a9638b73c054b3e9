namespace Autopilot.Api.Workflows;

/// <summary>How long the host lets a request wait for an upgrade.</summary>
/// <param name="Longest">A longer wait ends after this, as one that was not reached.</param>
public sealed record WaitLimit(TimeSpan Longest)
{
    /// <summary>The longest wait that can be asked for, in seconds: the platform gives a request up at 230 s.</summary>
    public const int MaxSeconds = 200;

    /// <summary>A wait whose length is not asked for.</summary>
    public static readonly TimeSpan Usual = TimeSpan.FromSeconds(100);

    /// <summary>The limit of a host that runs anyway.</summary>
    public static WaitLimit Default { get; } = new(TimeSpan.FromSeconds(MaxSeconds));
}
