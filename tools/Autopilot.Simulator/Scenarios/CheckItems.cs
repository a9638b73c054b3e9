namespace Autopilot.Simulator.Scenarios;

/// <summary>Items of pre-checks, after the usual causes of failure that the manual names.</summary>
internal static class CheckItems
{
    private static readonly CheckItem Limits = new("Upgrade-management restrictions", "Exception", "LimitCheck", "Info", "Success", "");

    private static readonly CheckItem ControlPlane = new("Control plane health", "Exception", "MasterCheck", "Info", "Success", "");

    private static readonly CheckItem Addons = new("Add-on status", "Exception", "AddonCheck", "Info", "Success", "");

    public static IReadOnlyList<CheckItem> Passed { get; } = [Limits, ControlPlane, Addons];

    /// <summary>Two named failures: one to repair, one risk to look at.</summary>
    public static IReadOnlyList<CheckItem> Failed { get; } =
    [
        Limits,
        new(
            "Deprecated Kubernetes APIs",
            "Risk",
            "LimitCheck",
            "Warning",
            "Failed",
            "policy/v1beta1 PodDisruptionBudget was called in the last 24 hours by kube-state-metrics.",
            "DeprecatedAPIInUse"
        ),
        ControlPlane,
        new(
            "CoreDNS add-on status",
            "Exception",
            "AddonCheck",
            "Fatal",
            "Failed",
            "The add-on coredns is not running: 0 of 2 replicas are ready. Repair or upgrade it, then check again.",
            "AddonAbnormal"
        ),
    ];
}
