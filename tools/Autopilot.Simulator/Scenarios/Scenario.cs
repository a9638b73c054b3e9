namespace Autopilot.Simulator.Scenarios;

/// <summary>What becomes of a workflow, as a script that any number of requests can read at any time and agree.</summary>
public abstract class Scenario
{
    /// <summary>Every scenario, in the order that a mixed fleet uses.</summary>
    public static IReadOnlyList<Scenario> All { get; } =
    [
        new SmoothUpgrade(),
        new FailedPreCheckRetried(),
        new FailedClusterRetried(),
        new ExpiredPreCheck(),
        new AwaitingConfirmation(),
        new RolledBack(),
        new Cancelled(),
        new LongQueue(),
        new Stalled(),
    ];

    /// <summary>Scenarios that a mixed fleet leaves out, as they seldom happen.</summary>
    public static IReadOnlyList<Scenario> Rare { get; } = [new FailedSnapshot(), new FailedRollback()];

    /// <summary>Its name: letters only, as in <c>--life</c> and in the documents' label <c>simulator/life</c>.</summary>
    public string Name => GetType().Name;

    /// <summary>The script, at pace 1.</summary>
    public abstract Timeline Timeline { get; }

    /// <summary>The scenario of that name, in any case, or null.</summary>
    public static Scenario? Named(string name) =>
        All.Concat(Rare).FirstOrDefault(scenario => string.Equals(scenario.Name, name, StringComparison.OrdinalIgnoreCase));

    private protected static TimeSpan Seconds(double seconds) => TimeSpan.FromSeconds(seconds);

    private protected static TimeSpan Minutes(double minutes) => TimeSpan.FromMinutes(minutes);

    private protected static TimeSpan Hours(double hours) => TimeSpan.FromHours(hours);
}
