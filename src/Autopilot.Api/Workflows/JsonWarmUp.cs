using System.Text.Json;
using Autopilot.Api.Representations;
using Autopilot.Core.Serialization;
using Autopilot.Core.Workflows;

namespace Autopilot.Api.Workflows;

/// <summary>
/// Prepares a process for its first response. Reading and writing JSON is generic framework code over value types, which is not compiled
/// ahead of time: half of what the first response compiles. A host that sleeps until a request comes compiles it on another core while it
/// starts.
/// </summary>
public static class JsonWarmUp
{
    private const string State = """
        {
          "phase": "Running", "createdAt": "2026-01-01T00:00:00Z",
          "tasks": [
            { "type": "PreCheck", "taskId": "t1", "status": "Success",
            "startedAt": "2026-01-01T00:00:00Z", "endedAt": "2026-01-01T00:01:00Z" },
            { "type": "Cluster", "taskId": "t2", "status": "Failed",
              "startedAt": "2026-01-01T00:02:00Z", "endedAt": "2026-01-01T00:03:00Z" }
          ],
          "dependencies": [{ "from": "PreCheck", "to": "Cluster" }]
        }
        """;

    private const string Runs = """
        [
          { "type": "PreCheck", "taskId": "t1", "status": "Success",
            "startedAt": "2026-01-01T00:00:00Z", "endedAt": "2026-01-01T00:01:00Z",
            "statusSince": "2026-01-01T00:01:00Z", "lastSeenAt": "2026-01-01T00:01:00Z" },
          { "type": "Cluster", "taskId": "t2", "status": "Failed",
            "startedAt": "2026-01-01T00:02:00Z", "endedAt": "2026-01-01T00:03:00Z",
            "statusSince": "2026-01-01T00:03:00Z", "lastSeenAt": "2026-01-01T00:03:00Z" }
        ]
        """;

    /// <summary>
    /// Reads an example as it would be stored, and writes its summary to nowhere: some 100 ms of one core, no storage and no upstream. Safe
    /// beside anything else.
    /// </summary>
    public static void Prepare() => _ = WorkflowFormats.Summary.Write(Summarize(), Format.Json);

    internal static WorkflowSummary Summarize()
    {
        var at = new DateTimeOffset(2026, 1, 1, 0, 3, 0, TimeSpan.Zero);
        var example = new TrackedWorkflow
        {
            Target = new WorkflowTarget("p1", "c1", "w1"),
            Sequence = 1,
            State = JsonSerializer.Deserialize(State, StoredJsonContext.Default.UpgradeWorkflow),
            Runs = JsonSerializer.Deserialize(Runs, StoredJsonContext.Default.IReadOnlyListTaskAttempt) ?? [],
            Gaps = JsonSerializer.Deserialize("[]", StoredJsonContext.Default.IReadOnlyListObservationGap) ?? [],
            LastNotified = JsonSerializer.Deserialize("null", StoredJsonContext.Default.LastNotified),
            FirstObservedAt = at,
            ObservedAt = at,
        };
        return WorkflowSummarizer.Summarize(example, Baseline.Empty, stale: false);
    }
}
