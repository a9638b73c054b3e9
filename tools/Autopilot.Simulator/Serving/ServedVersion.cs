namespace Autopilot.Simulator.Serving;

/// <param name="Version">As in <c>metadata.labels["simulator/state"]</c>.</param>
/// <param name="What">What had happened.</param>
/// <param name="FirstAt">On the simulator's clock.</param>
public sealed record ServedVersion(int Version, string What, DateTimeOffset FirstAt, DateTimeOffset LastAt, int Count)
{
    /// <summary>Each of the answers, in the order in which they were made.</summary>
    public IReadOnlyList<ServedResponse> Answers { get; init; } = [];
}
