using System.Text.Json.Serialization;

namespace Autopilot.Core.Workflows.Actions;

/// <summary>What a person may do about an upgrade.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<UpgradeAction>))]
public enum UpgradeAction
{
    /// <summary>Run the pre-check, for the first time or again.</summary>
    RunPreCheck,

    /// <summary>Confirm the risks that a pre-check found, so that the next one passes over them.</summary>
    ConfirmRisks,

    /// <summary>Take a snapshot of the control plane, for the first time or again.</summary>
    StartSnapshot,

    /// <summary>Start the cluster stage.</summary>
    StartUpgrade,

    /// <summary>Run a failed cluster stage again.</summary>
    RetryUpgrade,

    /// <summary>Start the post-check, by which a person confirms that cluster and workloads are well.</summary>
    Confirm,

    /// <summary>Cancel the workflow.</summary>
    Cancel,

    /// <summary>Let upstream go on.</summary>
    Wait,

    /// <summary>Open a support ticket.</summary>
    ContactSupport,

    /// <summary>Look in the cloud's console for what its API does not show.</summary>
    LookInConsole,
}
