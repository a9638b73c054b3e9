using System.Collections.Frozen;
using Autopilot.Core.Workflows;

namespace Autopilot.Core.Notifications;

/// <summary>A receiver of notifications. No record: its text form would show what is secret.</summary>
public sealed class Webhook
{
    /// <summary>What people and rows call it: <c>Notifications:Webhooks:N:Name</c>, or the format and a hash of the address.</summary>
    public required string Name { get; init; }

    /// <summary>Where to; for most receivers the whole address is a secret. Only <see cref="Host"/> may be shown.</summary>
    public required Uri Url { get; init; }

    /// <summary>Format of the messages.</summary>
    public required WebhookFormat Format { get; init; }

    /// <summary>The transitions that it is notified of.</summary>
    public Transitions On { get; init; } = Transitions.Assessment;

    /// <summary>Ids or names of clusters, in any case; none for all.</summary>
    public FrozenSet<string> Clusters { get; init; } = [];

    /// <summary>Only transitions into one of these; none for all.</summary>
    public FrozenSet<Assessment> Assessments { get; init; } = [];

    /// <summary>Key of the signature; null for none.</summary>
    public string? Secret { get; init; }

    /// <summary>Further header fields of each request; their values are secrets.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; } = [];

    /// <summary>Whether the receiver is asked for its permission first, as CloudEvents' web hooks say.</summary>
    public bool Validate { get; init; }

    /// <summary>The part of the address that may be shown.</summary>
    public string Host => Url.IdnHost;

    /// <summary>Whether it is notified of this workflow and of such a change, whatever the new state is.</summary>
    internal bool Watches(Notification notification) =>
        (On & notification.Changes) != 0
        && (Clusters.Count == 0 || Has(notification.Facts.ClusterId) || Has(notification.Facts.ClusterName));

    /// <summary>Whether it is notified of this transition.</summary>
    internal bool Wants(Notification notification) =>
        Watches(notification)
        && (Assessments.Count == 0 || notification.To.Assessment is { } assessment && Assessments.Contains(assessment));

    private bool Has(string? cluster) => cluster is not null && Clusters.Contains(cluster);
}
