using System.Collections.Concurrent;
using Autopilot.Core.Concurrency;
using Autopilot.Core.Rows;
using Autopilot.Core.Workflows;

namespace Autopilot.Core.Listing;

/// <summary>
/// Finds clusters by what people call them. An answer costs a range read for each shard and is kept for a minute; concurrent questions
/// about one name share it. Safe for any number of threads.
/// </summary>
public sealed class ClusterDirectory(IClusterNameStore store, TimeProvider clock)
{
    /// <summary>How long an answer is good, also that there is no such cluster.</summary>
    public static readonly TimeSpan KeptFor = TimeSpan.FromSeconds(60);

    /// <summary>Most answers that are kept.</summary>
    private const int MaxKept = 1000;

    private readonly ConcurrentDictionary<string, Kept> _kept = new(StringComparer.Ordinal);
    private readonly SingleFlight<string, IReadOnlyList<NamedCluster>> _reads = new();
    private int _generation;

    /// <summary>
    /// The clusters that a text stands for. That is the one with exactly this id, else all that have this name, whatever the case, in the
    /// order of their ids.
    /// </summary>
    /// <param name="text">Keeps <see cref="ClusterName.Rule"/>.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="StorageUnavailableException">The store cannot be reached.</exception>
    public async Task<IReadOnlyList<NamedCluster>> FindAsync(string text, CancellationToken cancellationToken)
    {
        var key = ClusterName.KeyOf(text);
        if (_kept.TryGetValue(key, out var kept) && clock.GetElapsedTime(kept.At) < KeptFor)
        {
            return kept.Clusters;
        }

        return await _reads.RunAsync(key, token => ReadAsync(text, key, token), cancellationToken);
    }

    /// <summary>
    /// The cluster that a name means: the only one that has it, else the only one of them with an active upgrade. Null where none or
    /// several of them have one.
    /// </summary>
    public static NamedCluster? Meant(IReadOnlyList<NamedCluster> clusters)
    {
        if (clusters is [var single])
        {
            return single;
        }

        var active = clusters.Where(cluster => cluster.IsActive).Take(2).ToList();
        return active is [var only] ? only : null;
    }

    /// <summary>Forgets every answer: what is tracked was changed by this process.</summary>
    public void Forget()
    {
        Interlocked.Increment(ref _generation);
        _kept.Clear();
    }

    private async Task<IReadOnlyList<NamedCluster>> ReadAsync(string text, string key, CancellationToken cancellationToken)
    {
        var (generation, at) = (Volatile.Read(ref _generation), clock.GetTimestamp());
        var clusters = Decide(key, await store.FindAsync(text, cancellationToken));
        if (_kept.Count >= MaxKept)
        {
            _kept.Clear();
        }

        // What was read before a change may not outlive it.
        if (generation == Volatile.Read(ref _generation))
        {
            _kept[key] = new Kept(clusters, at);
        }

        return clusters;
    }

    private static List<NamedCluster> Decide(string key, IReadOnlyList<ClusterMention> mentions)
    {
        var byId = mentions.Where(mention => mention.ClusterId == key).ToList();
        return
        [
            .. (byId.Count > 0 ? byId : mentions)
                .GroupBy(mention => mention.ClusterId, StringComparer.Ordinal)
                .OrderBy(cluster => cluster.Key, StringComparer.Ordinal)
                .Select(cluster =>
                    Of(
                        cluster
                            .OrderByDescending(mention => mention.IsActive)
                            .ThenByDescending(mention => mention.IsCluster)
                            .ThenByDescending(mention => mention.At)
                            .ThenBy(mention => mention.WorkflowId, StringComparer.Ordinal)
                            .ToList()
                    )
                ),
        ];
    }

    /// <param name="mentions">Of one cluster: active workflows first, then its own row, then what has ended, each the newest first.</param>
    private static NamedCluster Of(List<ClusterMention> mentions)
    {
        var own = mentions.Find(mention => mention.IsCluster);
        return new NamedCluster(
            mentions[0].ClusterId,
            own?.ProjectId ?? mentions[0].ProjectId,
            own?.Name ?? mentions.Select(mention => mention.Name).FirstOrDefault(name => name is not null),
            mentions.Select(mention => mention.WorkflowId).FirstOrDefault(id => id is not null)
        )
        {
            IsActive = mentions[0].IsActive,
        };
    }

    private sealed record Kept(IReadOnlyList<NamedCluster> Clusters, long At);
}
