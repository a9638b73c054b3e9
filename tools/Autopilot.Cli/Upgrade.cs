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
    IReadOnlyList<UpgradeStep>? Tasks = null
)
{
    /// <summary>What people call it.</summary>
    [JsonIgnore]
    public string Name => TerminalText.Line(ClusterName ?? ClusterId ?? Id);

    /// <summary>The headline, for a terminal.</summary>
    [JsonIgnore]
    public string Line => TerminalText.Line(Headline);
}

/// <summary>A task of an upgrade.</summary>
internal sealed record UpgradeStep(string Type, string Status);

/// <summary>A page of upgrades.</summary>
internal sealed record UpgradePage(IReadOnlyList<Upgrade> Value, string? NextLink = null, string? Note = null, int? Unreadable = null);

/// <summary>When each task of an upgrade ran, waited, was queued or was blocked.</summary>
internal sealed record UpgradeTimeline(
    string Headline,
    IReadOnlyList<TimelineRow> Rows,
    DateTimeOffset? From = null,
    DateTimeOffset? To = null
);

/// <summary>A stretch of a task.</summary>
internal sealed record TimelineRow(string Task, string Kind, DateTimeOffset StartedAt, DateTimeOffset? EndedAt = null, double Seconds = 0);

/// <summary>What an error says.</summary>
internal sealed record Problem(string? Code = null, string? Detail = null, IReadOnlyList<Candidate>? Candidates = null);

/// <summary>One of several clusters of a name.</summary>
internal sealed record Candidate(string ClusterId, string? ProjectId = null, string? WorkflowId = null, bool Active = false);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, RespectRequiredConstructorParameters = true, RespectNullableAnnotations = true)]
[JsonSerializable(typeof(Upgrade))]
[JsonSerializable(typeof(UpgradePage))]
[JsonSerializable(typeof(UpgradeTimeline))]
[JsonSerializable(typeof(Dictionary<string, string>))]
[JsonSerializable(typeof(Problem))]
internal sealed partial class CliJson : JsonSerializerContext;
