using System.Text.Json;
using System.Text.Json.Serialization;

namespace Autopilot.Cli;

/// <summary>What the tool reads of a summary; words of upstream's and of ours stay as they are.</summary>
internal sealed record Upgrade(
    string Id,
    string Assessment,
    string Headline,
    long Sequence,
    string? ClusterId = null,
    string? ClusterName = null,
    string? FromVersion = null,
    string? TargetVersion = null,
    string? Phase = null,
    DateTimeOffset? EndedAt = null,
    string? ClusterIs = null,
    Blocker? BlockingTask = null,
    IReadOnlyList<UpgradeStep>? Tasks = null
)
{
    /// <summary>What people call it.</summary>
    [JsonIgnore]
    public string Name => ClusterName ?? ClusterId ?? Id;
}

/// <summary>The task that the upgrade cannot move past now.</summary>
internal sealed record Blocker(
    string Type,
    string Status,
    string Reason,
    string Message,
    string Remediation,
    DateTimeOffset? Since = null,
    bool SinceObserved = false
);

/// <summary>A task of an upgrade.</summary>
internal sealed record UpgradeStep(string Type, string Status);

/// <summary>A page of upgrades.</summary>
internal sealed record UpgradePage(IReadOnlyList<Upgrade> Value, string? NextLink = null);

/// <summary>What an error says.</summary>
internal sealed record Problem(string? Code = null, string? Detail = null, IReadOnlyList<Candidate>? Candidates = null);

/// <summary>One of several clusters of a name.</summary>
internal sealed record Candidate(string ClusterId, string? ProjectId = null, string? WorkflowId = null, bool Active = false);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, RespectRequiredConstructorParameters = true, RespectNullableAnnotations = true)]
[JsonSerializable(typeof(Upgrade))]
[JsonSerializable(typeof(UpgradePage))]
[JsonSerializable(typeof(Problem))]
internal sealed partial class CliJson : JsonSerializerContext;
