using System.Text.Json.Serialization;

namespace Autopilot.Core.Notifications;

/// <summary>How far a webhook is in a workflow's queue.</summary>
/// <param name="Through">Sequence of the last notification that is done for it.</param>
/// <param name="Attempts">Failed attempts with the one after that.</param>
/// <param name="NextAt">When it is tried again.</param>
/// <param name="Error">How the last attempt failed.</param>
public sealed record DeliveryCursor(long Through, int Attempts = 0, DateTimeOffset? NextAt = null, string? Error = null)
{
    /// <summary>When the webhook accepted one of the workflow's notifications in this run; null where it accepted none.</summary>
    [JsonIgnore]
    public DateTimeOffset? DeliveredAt { get; init; }
}
