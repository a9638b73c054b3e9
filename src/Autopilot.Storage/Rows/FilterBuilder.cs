using Autopilot.Core.Listing;
using Autopilot.Core.Paging;
using Azure.Data.Tables;

namespace Autopilot.Storage.Rows;

/// <summary>
/// Conditions on columns that take several values. The table service takes at most 15 comparisons in a filter. So beyond a few values a
/// condition is left to the reader, which compares every row anyway.
/// </summary>
internal static class FilterBuilder
{
    /// <summary>Most comparisons of one condition.</summary>
    private const int MaxComparisons = 3;

    /// <summary>Any of the values, or null where there are none or too many of them.</summary>
    public static string? AnyOf(string column, AnyOf<string>? values) =>
        values is null ? null : Join([.. values.Values.Select(value => Equal(column, value))]);

    /// <summary>The clusters that a list is about, by id or by name.</summary>
    public static string? OfCluster(WorkflowQuery query) =>
        query.Cluster is not { } clusters
            ? null
            : Join([
                .. query.ClusterAsId?.Values.Select(id => Equal(WorkflowRow.ClusterId, id)) ?? [],
                .. clusters.Values.Select(name => Equal(WorkflowRow.ClusterName, name)),
            ]);

    // A column's name is ours and stands as it is; a value is foreign and is quoted.
    private static string Equal(string column, string value) => $"{column} {TableClient.CreateQueryFilter($"eq {value}")}";

    private static string? Join(IReadOnlyList<string> conditions) =>
        conditions.Count is 0 or > MaxComparisons ? null : $"({string.Join(" or ", conditions)})";
}
