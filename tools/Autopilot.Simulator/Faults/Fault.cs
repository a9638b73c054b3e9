namespace Autopilot.Simulator.Faults;

/// <summary>A fault on demand. Its times are the simulator's clock's.</summary>
public sealed record Fault
{
    /// <summary>What goes wrong.</summary>
    public required FaultKind Kind { get; init; }

    /// <summary>It strikes only paths that contain this; null for every path of the API and of IAM.</summary>
    public string? Path { get; init; }

    /// <summary>Chance per matching request, above 0, at most 1. Default 1.</summary>
    public double Probability { get; init; } = 1;

    /// <summary>How often it strikes before it is gone; null for without end.</summary>
    public int? Times { get; init; }

    /// <summary>Of the slow kinds. Default 5 s.</summary>
    public TimeSpan Delay { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Of <see cref="FaultKind.Throttled"/> (in the message) and <see cref="FaultKind.RateLimit"/> (enforced): requests in a window.
    /// Default 200.
    /// </summary>
    public int Limit { get; init; } = 200;

    /// <summary>Whole seconds or minutes. Default 5 min.</summary>
    public TimeSpan Window { get; init; } = TimeSpan.FromMinutes(5);
}
