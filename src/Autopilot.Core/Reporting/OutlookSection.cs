using System.Text.Json.Serialization;

namespace Autopilot.Core.Reporting;

/// <summary>Figures of one kind, and what they are made of.</summary>
public abstract record OutlookSection
{
    /// <summary>Null where there are too few upgrades: then there are no figures.</summary>
    [JsonPropertyOrder(-1)]
    public OutlookBasis? Basis { get; init; }

    /// <summary>Upgrades that the figures are computed from; without a basis, the few that there are.</summary>
    [JsonPropertyOrder(-1)]
    public int Runs { get; init; }
}
