using System.Text.Json.Serialization;
using Autopilot.Core.Notifications;
using Autopilot.Core.Workflows;

namespace Autopilot.Core.Serialization;

/// <summary>
/// How the domain's records are stored as JSON: camelCase, nulls left out, reflection-free. Old rows must stay readable: members may be
/// added, never renamed.
/// </summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true
)]
[JsonSerializable(typeof(UpgradeWorkflow))]
[JsonSerializable(typeof(IReadOnlyList<TaskAttempt>))]
[JsonSerializable(typeof(IReadOnlyList<ObservationGap>))]
[JsonSerializable(typeof(IReadOnlyList<TaskFailure>))]
[JsonSerializable(typeof(IReadOnlyList<StateChange>))]
[JsonSerializable(typeof(IReadOnlyList<RunProgress>))]
[JsonSerializable(typeof(LatestBackup))]
[JsonSerializable(typeof(PollFailure))]
[JsonSerializable(typeof(IReadOnlyList<BaselineEntry>))]
[JsonSerializable(typeof(IReadOnlyList<FailurePrecedent>))]
[JsonSerializable(typeof(LastNotified))]
[JsonSerializable(typeof(Notification))]
[JsonSerializable(typeof(IReadOnlyDictionary<string, DeliveryCursor>))]
[JsonSerializable(typeof(UndeliveredNotification))]
public sealed partial class StoredJsonContext : JsonSerializerContext;
