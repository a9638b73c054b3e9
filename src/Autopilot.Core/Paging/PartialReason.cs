using System.Text.Json.Serialization;

namespace Autopilot.Core.Paging;

/// <summary>Why a page is short though there is more.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<PartialReason>))]
public enum PartialReason
{
    /// <summary>Reading took <see cref="ListLimits.Time"/>.</summary>
    Time,

    /// <summary>The page has reached <see cref="ListLimits.Bytes"/>.</summary>
    Size,
}
