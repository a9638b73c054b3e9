namespace Autopilot.Core.Tracking;

/// <summary>
/// One pass over every shard: the work of the poll timer and of <c>POST /api/poll</c>. Concurrent full passes of one process share one run.
/// </summary>
public sealed class PollCycle
{
    /// <summary>Runs a cycle. Never throws for a workflow, a shard or upstream: the result tells. Throws only <see cref="OperationCanceledException"/> before anything was begun.</summary>
    public Task<CycleResult> RunAsync(CycleRequest request, CancellationToken cancellationToken) => throw new NotImplementedException();
}

/// <param name="DueOnly">False polls every active workflow now, due or not.</param>
/// <param name="Budget">Longest duration; null for <c>Polling:CycleBudget</c>.</param>
public sealed record CycleRequest(bool DueOnly, TimeSpan? Budget = null);
