using System.Collections.Concurrent;

namespace Autopilot.Simulator.Serving;

/// <summary>
/// Records what was served: per workflow, each state version, when and how often. Written before the response is sent, so that no client
/// can have a state that is not in here. Safe for any number of threads.
/// </summary>
public sealed class ServedLedger
{
    private readonly ConcurrentDictionary<(string WorkflowId, int Version), ServedVersion> _served = new();

    /// <summary>The versions of a workflow that were served, oldest version first; empty when none was.</summary>
    public IReadOnlyList<ServedVersion> Of(string workflowId) =>
        [.. _served.Where(entry => entry.Key.WorkflowId == workflowId).Select(entry => entry.Value).OrderBy(served => served.Version)];

    internal void Record(string workflowId, int version, string what, DateTimeOffset at) =>
        _served.AddOrUpdate(
            (workflowId, version),
            _ => new ServedVersion(version, what, at, at, 1),
            (_, served) => served with { LastAt = at > served.LastAt ? at : served.LastAt, Count = served.Count + 1 }
        );
}
