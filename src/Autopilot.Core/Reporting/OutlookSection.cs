using System.Text.Json.Serialization;

namespace Autopilot.Core.Reporting;

/// <summary>Figures of one kind, and what they are made of.</summary>
public abstract record OutlookSection
{
    /// <summary>Null where too few upgrades tell: there are no figures then.</summary>
    [JsonPropertyOrder(-1)]
    public OutlookBasis? Basis { get; init; }

    /// <summary>Upgrades that the figures are made of; without a basis, those few that would tell.</summary>
    [JsonPropertyOrder(-1)]
    public int Runs { get; init; }
}
