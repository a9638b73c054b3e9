using Autopilot.Core.Rows;
using Autopilot.Core.Workflows;

namespace Autopilot.Core.Tracking;

/// <summary>
/// Begins and ends the tracking of a workflow. Every method throws <see cref="StorageUnavailableException"/> when the store cannot be
/// reached, and nothing else of the store's own.
/// </summary>
public interface ITrackingStore
{
    /// <summary>Begins or resumes tracking.</summary>
    /// <param name="clusterName">
    /// A name from a person stays; one that comes with <paramref name="onlyIfUnknown"/> is upstream's, and replaces only upstream's.
    /// </param>
    /// <param name="onlyIfUnknown">For targets from settings and discovery: leaves what a person untracked alone.</param>
    Task<TrackResult> TrackAsync(
        WorkflowTarget target,
        string? clusterName,
        DateTimeOffset now,
        bool onlyIfUnknown,
        CancellationToken cancellationToken
    );

    /// <summary>
    /// Stops tracking and keeps row and history. False when unknown. A finished workflow stays as it ended, marked as no longer tracked.
    /// </summary>
    Task<bool> UntrackAsync(string workflowId, CancellationToken cancellationToken);

    /// <summary>Deletes row and history; resumable: a repeated call continues. False when unknown.</summary>
    Task<bool> PurgeAsync(string workflowId, CancellationToken cancellationToken);
}
