namespace Autopilot.Core.Workflows;

/// <summary>
/// Upstream's pages by topic. Each was read before it was entered here; a topic without such a page has none. Huawei Cloud answers a
/// missing page by a page of its own, so that no check of links would find a wrong one: keep them all in this table.
/// </summary>
internal static class ReferencePages
{
    private const string Site = "https://support.huaweicloud.com";

    public static ReferenceLink CheckItems { get; } =
        new("Pre-upgrade check items of CCE Autopilot", $"{Site}/intl/en-us/usermanual-cce-autopilot/cce_11_0549.html");

    public static ReferenceLink StandardCheckItems { get; } =
        new("Pre-upgrade check items of standard CCE clusters", $"{Site}/intl/en-us/usermanual-cce/cce_10_0549.html");

    public static ReferenceLink PodConfiguration { get; } =
        new("Check item: Pod configuration", $"{Site}/intl/en-us/usermanual-cce-autopilot/cce_11_0866.html");

    public static ReferenceLink DeprecatedApis { get; } =
        new("Check item: discarded Kubernetes APIs", $"{Site}/intl/en-us/usermanual-cce/cce_10_0487.html");

    public static ReferenceLink AddonConfiguration { get; } =
        new("Check item: add-on configuration consistency", $"{Site}/intl/ar-mena/usermanual-cce/cce_10_0531.html");

    public static ReferenceLink NodeRestrictions { get; } =
        new("Check item: node restrictions (Chinese)", $"{Site}/usermanual-cce/cce_10_0431.html");

    private static readonly ReferenceLink BeforeYouStart = new(
        "Before you start: backup and rollback",
        $"{Site}/intl/en-us/usermanual-cce-autopilot/cce_11_0302.html"
    );

    private static readonly ReferenceLink ManualUpgrade = new(
        "Upgrading a cluster by hand: check, retry, confirmation, ticket",
        $"{Site}/intl/en-us/usermanual-cce/cce_11_0301.html"
    );

    private static readonly ReferenceLink Cancelling = new(
        "API: when a workflow can be cancelled",
        $"{Site}/intl/en-us/api-cce-autopilot/UpgradeAutopilotWorkFlowUpdate.html"
    );

    private static readonly ReferenceLink Backups = new(
        "API: list of backups",
        $"{Site}/intl/en-us/api-cce-autopilot/ListAutopilotClusterMasterSnapshotTasks.html"
    );

    private static readonly ReferenceLink UpgradeApi = new(
        "API: all upgrade calls",
        $"{Site}/intl/en-us/api-cce-autopilot/autopilot_upgrade_management.html"
    );

    private static readonly ReferenceLink ErrorCodes = new("API: error codes (Chinese)", $"{Site}/api-cce-autopilot/ErrorCode.md");

    /// <summary>Of a check item: its own page where it was read, else the list that has it.</summary>
    public static IReadOnlyList<ReferenceLink> For(CheckItem item) =>
        item.Page is { } page ? [page] : [item.IsAutopilot ? CheckItems : StandardCheckItems];

    /// <summary>Of a blocking task; null where no page is about its reason.</summary>
    public static IReadOnlyList<ReferenceLink>? For(Blockage blockage) =>
        blockage switch
        {
            { Reason: BlockingReason.TaskFailed, Task.Failure: { } failure } when blockage.Task.Type == UpgradeTaskType.PreCheck =>
                ForItems(failure),
            { Reason: BlockingReason.TaskFailed } => ForFailure(blockage.Task.Type),
            { Reason: BlockingReason.RolledBack or BlockingReason.RollingBack } => [BeforeYouStart],
            { Reason: BlockingReason.PreCheckExpired or BlockingReason.AwaitingConfirmation } => [ManualUpgrade],
            { Reason: BlockingReason.AwaitingStart } when blockage.Task.Type.IsKnown => [ManualUpgrade],
            _ => null,
        };

    /// <summary>The insights, each with the pages about its code; one of a topic without a page is as it was.</summary>
    public static IReadOnlyList<Insight> With(IReadOnlyList<Insight> insights, PollFailure? failure) =>
        [
            .. insights.Select(insight =>
                insight.References is null && For(insight, failure) is { } pages ? insight with { References = pages } : insight
            ),
        ];

    private static IReadOnlyList<ReferenceLink>? For(Insight insight, PollFailure? failure) =>
        insight switch
        {
            { Code: "TaskFailed" or "RepeatedFailure", Task: { } type } => ForFailure(type),
            { Code: "PreCheckExpired" or "PreCheckExpiresSoon" } => [ManualUpgrade],
            { Code: "RisksAccepted" or FailureDetailInsights.TooLargeCode } when insight.Task == UpgradeTaskType.PreCheck => [CheckItems],
            { Code: BackupInsights.Code } => [BeforeYouStart, Backups],
            { Code: "LongWait" } => [Cancelling],
            { Code: "UpstreamError" } when failure?.Code?.StartsWith("CCE.", StringComparison.Ordinal) is true => [ErrorCodes],
            { Code: "UnknownValue" } => [UpgradeApi],
            _ => null,
        };

    private static IReadOnlyList<ReferenceLink>? ForFailure(UpgradeTaskType type) =>
        type.Value switch
        {
            "PreCheck" => [CheckItems],
            "Cluster" or "PostCheck" => [ManualUpgrade],
            "Snapshot" or "Rollback" => [BeforeYouStart],
            _ => null,
        };

    /// <summary>The pages of the failed items, each once.</summary>
    private static IReadOnlyList<ReferenceLink> ForItems(TaskFailure failure)
    {
        const int Most = 5;
        ReferenceLink[] pages =
        [
            .. failure.Details.Select(CheckItemCatalog.Find).OfType<CheckItem>().SelectMany(For).Distinct().Take(Most),
        ];
        return pages.Length > 0 ? pages : [CheckItems];
    }
}
