namespace Autopilot.Azurite;

/// <summary>How an Azurite is started. The defaults give a separate table service in memory.</summary>
public sealed record AzuriteOptions
{
    /// <summary>Folder that keeps the data, made when it is missing; only with one does data outlive a stop. Default: in memory.</summary>
    public string? DataFolder { get; init; }

    /// <summary>Port of the table service. Default: a free one, never Azurite's own 10000–10002.</summary>
    public int? TablePort { get; init; }

    /// <summary>Whether the queue service runs too. Default: no.</summary>
    public bool Queues { get; init; }

    /// <summary>Port of the queue service. Default: a free one.</summary>
    public int? QueuePort { get; init; }

    /// <summary>Receives a line for each step that takes long: the installation on first use. Default: none.</summary>
    public Action<string>? Progress { get; init; }
}
