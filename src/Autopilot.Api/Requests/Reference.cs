using Autopilot.Core.Workflows;

namespace Autopilot.Api.Requests;

/// <summary>
/// What a caller calls a workflow or a cluster: an id, or a cluster's name. As a rule it can be both, and an exact id wins.
/// </summary>
/// <param name="Text">As it was given.</param>
/// <param name="Id">In the form in which ids are compared; null where it cannot be an id.</param>
internal readonly record struct Reference(string Text, string? Id)
{
    /// <summary>The rule as a sentence, for messages.</summary>
    public static string Rule => $"an id, or the name of a cluster in {ClusterName.Rule}";

    /// <summary>
    /// Whether it may be a cluster's name. A UUID is an id and nothing else, so that an id never costs the search for a name.
    /// </summary>
    public bool MayBeName => Id is null || !ClusterName.IsSurelyId(Text);

    public static bool TryRead(string? text, out Reference reference)
    {
        reference = ClusterName.IsOne(text) ? new Reference(text, ResourceId.TryNormalize(text, out var id) ? id : null) : default;
        return reference.Text is not null;
    }
}
