using System.Text.Json.Serialization;

namespace Autopilot.Benchmarks.Micro;

/// <summary>
/// Upstream's document as plain objects with nothing but strings: the least that reading it can cost with System.Text.Json.
/// </summary>
internal sealed class PlainDocument
{
    public string? Kind { get; set; }
    public string? ApiVersion { get; set; }
    public PlainMetadata? Metadata { get; set; }
    public PlainSpec? Spec { get; set; }
    public PlainStatus? Status { get; set; }
}

internal sealed class PlainMetadata
{
    public string? Uid { get; set; }
    public string? CreationTimestamp { get; set; }
    public string? UpdateTimestamp { get; set; }
}

internal sealed class PlainSpec
{
    [JsonPropertyName("clusterID")]
    public string? ClusterId { get; set; }
    public string? ClusterVersion { get; set; }
    public string? TargetVersion { get; set; }
}

internal sealed class PlainStatus
{
    public string? Phase { get; set; }
    public List<PlainPoint>? PointStatuses { get; set; }
    public List<PlainLine>? LineStatuses { get; set; }
}

internal sealed class PlainPoint
{
    public string? TaskType { get; set; }

    [JsonPropertyName("taskID")]
    public string? TaskId { get; set; }
    public string? Status { get; set; }
    public string? StartTimeStamp { get; set; }
    public string? EndTimeStamp { get; set; }
    public string? ExpireTimeStamp { get; set; }
}

internal sealed class PlainLine
{
    public PlainEnd? StartPoint { get; set; }
    public PlainEnd? EndPoint { get; set; }
}

internal sealed class PlainEnd
{
    public string? TaskType { get; set; }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(PlainDocument))]
internal sealed partial class PlainJson : JsonSerializerContext;
