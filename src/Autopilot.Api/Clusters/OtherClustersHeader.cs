using Autopilot.Core.Listing;
using Microsoft.AspNetCore.Http;

namespace Autopilot.Api.Clusters;

/// <summary>
/// The header with the ids of the other clusters of a name. It is set where the answer was asked for by a name of several clusters and only
/// one of their upgrades goes on. Absent where the name has one cluster.
/// </summary>
internal static class OtherClustersHeader
{
    public const string Name = "Autopilot-Other-Clusters";

    /// <summary>Ids named at most: a header has no room for more.</summary>
    private const int Most = 20;

    /// <summary>Adds the header where there are others.</summary>
    public static void Write(HttpResponse response, IReadOnlyList<NamedCluster> others)
    {
        if (others.Count > 0)
        {
            response.Headers[Name] = string.Join(", ", others.Take(Most).Select(cluster => cluster.ClusterId));
        }
    }
}
