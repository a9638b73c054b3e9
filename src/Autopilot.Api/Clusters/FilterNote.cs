using Autopilot.Api.Requests;
using Autopilot.Core.Listing;
using Autopilot.Core.Rows;
using Autopilot.Core.Workflows;

namespace Autopilot.Api.Clusters;

/// <summary>
/// What is probably wrong with a filter that is allowed and can match nothing: a misspelt name would otherwise look like good news.
/// </summary>
internal static class FilterNote
{
    private const int MaxShown = 64;

    /// <summary>Of a list of workflows or their changes.</summary>
    /// <param name="query">As it was given, for its phases.</param>
    /// <param name="clusters">What its filters by cluster stand for.</param>
    /// <param name="isEmpty">Whether nothing matched.</param>
    /// <param name="directory">Knows the clusters.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="StorageUnavailableException">The store cannot be reached.</exception>
    public static async Task<string?> OfAsync(
        WorkflowQuery query,
        IEnumerable<ClusterFilter> clusters,
        bool isEmpty,
        ClusterDirectory directory,
        CancellationToken cancellationToken
    )
    {
        var sentences = new List<string>();
        foreach (var filter in clusters)
        {
            if (await OfAsync(filter, isEmpty, directory, cancellationToken) is { } unknown)
            {
                sentences.Add(unknown);
            }
        }

        if (isEmpty && query.Phase is { } phases)
        {
            sentences.AddRange(
                phases
                    .Values.Where(phase => phase.All(char.IsAsciiLetter) && Enum.TryParse<Assessment>(phase, ignoreCase: true, out _))
                    .Select(phase => $"'{phase}' is an assessment and no phase of upstream's: ask for assessment={phase}.")
            );
        }

        return sentences.Count == 0 ? null : string.Join(' ', sentences.Distinct());
    }

    /// <summary>Of a filter by cluster alone: which of its clusters are not known. Ids are looked up only where nothing matched.</summary>
    /// <inheritdoc cref="OfAsync(WorkflowQuery, IEnumerable{ClusterFilter}, bool, ClusterDirectory, CancellationToken)"/>
    public static async Task<string?> OfAsync(
        ClusterFilter filter,
        bool isEmpty,
        ClusterDirectory directory,
        CancellationToken cancellationToken
    )
    {
        // Names alone that match are former names of clusters.
        if (!isEmpty && filter.Ids is null)
        {
            return null;
        }

        var unknown = new List<string>();
        foreach (var name in filter.Names?.Values ?? [])
        {
            if (Reference.TryRead(name, out var reference) && reference.MayBeName && await IsUnknownAsync(name))
            {
                unknown.Add(name);
            }
        }

        foreach (var id in isEmpty ? filter.Ids?.Values ?? [] : [])
        {
            if (!unknown.Contains(id, StringComparer.OrdinalIgnoreCase) && await IsUnknownAsync(id))
            {
                unknown.Add(id);
            }
        }

        return unknown.Count switch
        {
            0 => null,
            1 => $"No cluster with the name or id {Shown(unknown[0])} is known here.",
            _ => $"No clusters with the names or ids {string.Join(", ", unknown.Select(Shown))} are known here.",
        };

        async Task<bool> IsUnknownAsync(string text) => (await directory.FindAsync(text, cancellationToken)).Count == 0;

        static string Shown(string text) => $"'{ForeignText.OneLine(text, MaxShown)}'";
    }
}
