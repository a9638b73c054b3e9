using System.Text.Json;
using System.Text.Json.Serialization;

namespace Autopilot.Cli;

/// <summary>What the tool reads of a summary; words of upstream's and of ours stay as they are.</summary>
internal sealed record Upgrade(
    string Id,
    string? ClusterId,
    string? ClusterName,
    string? FromVersion,
    string? TargetVersion,
    string? Phase,
    string Assessment,
    string Headline,
    long Sequence,
    DateTimeOffset? EndedAt,
    string? ClusterIs,
    Blocker? BlockingTask,
    IReadOnlyList<UpgradeStep>? Tasks
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
    DateTimeOffset? Since,
    bool SinceObserved,
    string Message,
    string Remediation
);

/// <summary>A task of an upgrade.</summary>
internal sealed record UpgradeStep(string Type, string Status);

/// <summary>A page of upgrades.</summary>
internal sealed record UpgradePage(IReadOnlyList<Upgrade> Value, string? NextLink);

/// <summary>What an error says.</summary>
internal sealed record Problem(string? Code, string? Detail, IReadOnlyList<Candidate>? Candidates);

/// <summary>One of several clusters of a name.</summary>
internal sealed record Candidate(string ClusterId, string? ProjectId, string? WorkflowId, bool Active);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(Upgrade))]
[JsonSerializable(typeof(UpgradePage))]
[JsonSerializable(typeof(Problem))]
internal sealed partial class CliJson : JsonSerializerContext;
