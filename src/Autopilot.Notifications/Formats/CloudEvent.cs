using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Autopilot.Core.Notifications;
using Autopilot.Core.Workflows;
using Autopilot.Formats.Writing;

namespace Autopilot.Notifications.Formats;

/// <summary>A CloudEvent 1.0 in structured mode. Its names within <c>data</c> are those of the summary.</summary>
internal sealed record CloudEvent
{
    public const string ContentType = "application/cloudevents+json; charset=utf-8";

    /// <summary>Longest phase, type of a task and status, in characters: upstream may write anything.</summary>
    private const int MaxWord = 64;

    /// <summary>The one type of event; <c>data.changed</c> says what has turned.</summary>
    public const string TypeName = "io.github.autopilot-functions.workflow.turned";

    [JsonPropertyName("specversion")]
    public string SpecVersion { get; init; } = "1.0";

    public required string Id { get; init; }
    public required string Source { get; init; }
    public string Type { get; init; } = TypeName;
    public required string Subject { get; init; }
    public required DateTimeOffset Time { get; init; }

    /// <summary>Extension attribute: orders the events of a subject as texts.</summary>
    public required string Sequence { get; init; }

    [JsonPropertyName("datacontenttype")]
    public string DataContentType { get; init; } = "application/json";

    public required EventData Data { get; init; }

    public static ReadOnlyMemory<byte> Write(Notification notification, EventLinks? links = null) =>
        JsonBytes.Write(writer => JsonSerializer.Serialize(writer, Of(notification, links), EventJson.Default.CloudEvent));

    private static CloudEvent Of(Notification n, EventLinks? links) =>
        new()
        {
            Id = n.Id,
            // The ids were checked before they came near anything: they are safe in a path.
            Source = n.Sample ? "/autopilot/test" : $"/projects/{n.Facts.ProjectId}/clusters/{n.Facts.ClusterId}",
            Subject = n.WorkflowId,
            Time = n.At,
            Sequence = n.Sequence.ToString("D10", CultureInfo.InvariantCulture),
            Data = new EventData
            {
                WorkflowId = n.WorkflowId,
                ProjectId = n.Facts.ProjectId,
                ClusterId = n.Facts.ClusterId,
                ClusterName = n.Facts.ClusterName,
                FromVersion = n.Facts.FromVersion,
                TargetVersion = n.Facts.TargetVersion,
                Phase = Word(n.To.Phase),
                Assessment = n.To.Assessment,
                Headline = n.Facts.Headline,
                Changed =
                [
                    .. Enum.GetValues<Transitions>()
                        .Where(transition => transition is not Transitions.None && n.Changes.HasFlag(transition))
                        .Select(transition => transition.ToString()),
                ],
                Before = new EventBefore(
                    n.From.Assessment,
                    Word(n.From.Phase),
                    n.From.Task is { } task ? new EventBlocking(Word(task), n.From.Reason) : null
                ),
                CreatedAt = n.Facts.CreatedAt,
                StartedAt = n.Facts.StartedAt,
                EndedAt = n.Facts.EndedAt,
                ObservedAt = n.Facts.ObservedAt,
                Progress = n.Facts.Progress,
                BlockingTask = n.Facts.BlockingTask is { } blocking
                    ? blocking with
                    {
                        Type = Word(blocking.Type),
                        Status = Word(blocking.Status),
                    }
                    : null,
                Actions = n.Facts.Actions,
                Estimate = n.Facts.Estimate,
                Links = links,
                Unsettled = n.Unsettled ? true : null,
                Sample = n.Sample ? true : null,
            },
        };

    private static WorkflowPhase? Word(WorkflowPhase? phase) => phase is { } known ? new(ForeignText.OneLine(known.Value, MaxWord)) : null;

    private static UpgradeTaskType Word(UpgradeTaskType type) => new(ForeignText.OneLine(type.Value, MaxWord));

    private static UpgradeTaskStatus Word(UpgradeTaskStatus status) => new(ForeignText.OneLine(status.Value, MaxWord));
}
