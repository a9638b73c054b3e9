using System.Collections.Concurrent;
using Autopilot.Core.Upstream;
using Autopilot.Core.Workflows;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Autopilot.Core.Tracking.Discovery;

/// <summary>
/// Gives a workflow that was tracked by its ids alone the name of its cluster. The name is the one that discovery knows, else upstream's; a
/// process asks upstream once for a cluster. A name is worth no failure and no delay beyond <see cref="Patience"/>: without it the ids
/// speak. Safe for any number of threads.
/// </summary>
internal sealed partial class ClusterNames(
    UpstreamConcurrencyLimiter upstream,
    IOptions<DiscoveryOptions> options,
    TimeProvider clock,
    ILogger<ClusterNames> logger,
    IClusterSource? source = null
)
{
    /// <summary>Longest wait for a name.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>How long a name that upstream did not return is not asked for again.</summary>
    public static readonly TimeSpan UnknownEvery = TimeSpan.FromHours(1);

    /// <summary>Most clusters that are remembered.</summary>
    private const int MaxKept = 20_000;

    private readonly ConcurrentDictionary<string, string> _discovered = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Question> _asked = new(StringComparer.Ordinal);
    private readonly Lock _lock = new();

    /// <summary>Takes over the names of clusters that are discovered: their rows come with every cycle.</summary>
    public void Learn(IEnumerable<TrackedCluster> clusters)
    {
        foreach (var cluster in clusters)
        {
            if (cluster.Name is { } name && (_discovered.ContainsKey(cluster.ClusterId) || _discovered.Count < MaxKept))
            {
                _discovered[cluster.ClusterId] = name;
            }
        }
    }

    /// <summary>
    /// The workflow with its cluster's name where it had none and one is known now. Never throws, not when cancelled either.
    /// </summary>
    public async ValueTask<TrackedWorkflow> NameAsync(TrackedWorkflow workflow, CancellationToken cancellationToken)
    {
        if (workflow.ClusterName is not null)
        {
            return workflow;
        }

        var name = _discovered.TryGetValue(workflow.Target.ClusterId, out var known) ? known : null;
        // While upstream throttles, requests are left to the reads of workflows.
        if (name is null && source is not null && upstream.Status.Throttle is null)
        {
            try
            {
                name = await AskAsync(source, workflow.Target).WaitAsync(cancellationToken);
            }
            catch (OperationCanceledException)
            {
                // The next poll asks.
            }
        }

        return name is null ? workflow : workflow with { ClusterName = name };
    }

    /// <summary>One question for all workflows of a cluster; it does not fail.</summary>
    private Task<string?> AskAsync(IClusterSource clusters, WorkflowTarget target)
    {
        lock (_lock)
        {
            if (
                _asked.TryGetValue(target.ClusterId, out var last)
                && (
                    !last.Answer.IsCompletedSuccessfully
                    || clock.GetElapsedTime(last.At) < (last.Answer.Result is null ? UnknownEvery : options.Value.NamesEvery)
                )
            )
            {
                return last.Answer;
            }

            if (_asked.Count >= MaxKept)
            {
                _asked.Clear();
            }

            var answer = Task.Run(() => ReadAsync(clusters, target));
            _asked[target.ClusterId] = new Question(answer, clock.GetTimestamp());
            return answer;
        }
    }

    private async Task<string?> ReadAsync(IClusterSource clusters, WorkflowTarget target)
    {
        try
        {
            using var patience = new CancellationTokenSource(Patience, clock);
            var shown = await upstream.InSlotAsync(
                token => clusters.ShowClusterAsync(target.ProjectId, target.ClusterId, token),
                patience.Token
            );
            return string.IsNullOrWhiteSpace(shown.Name) ? null : shown.Name;
        }
        catch (UpstreamException exception)
        {
            LogNotRead(logger, target.ClusterId, exception.Failure, exception.Code);
        }
        catch (OperationCanceledException)
        {
            LogNotRead(logger, target.ClusterId, UpstreamFailure.Unavailable, null);
        }
        catch (Exception exception)
        {
            LogBroke(logger, exception, target.ClusterId);
        }

        return null;
    }

    private sealed record Question(Task<string?> Answer, long At);

    [LoggerMessage(
        EventId = 1341,
        EventName = "WorkflowClusterNotNamed",
        Level = LogLevel.Debug,
        Message = "Cluster {ClusterId}: the name for its workflows could not be read: {Failure} (code {Code})"
    )]
    private static partial void LogNotRead(ILogger logger, string clusterId, UpstreamFailure failure, string? code);

    [LoggerMessage(
        EventId = 1342,
        EventName = "WorkflowClusterNameBroke",
        Level = LogLevel.Error,
        Message = "Cluster {ClusterId}: the answer with its name could not be read"
    )]
    private static partial void LogBroke(ILogger logger, Exception exception, string clusterId);
}
