namespace Autopilot.Core.Workflows;

/// <summary>
/// Upstream's pages by topic. Each was read before it was entered here; a topic without such a page has none. Huawei Cloud answers a
/// missing page by a page of its own, so that no check of links would find a wrong one: keep them all in this table.
/// </summary>
internal static class ReferencePages
{
    private const string Site = "https://support.huaweicloud.com";

    public static ReferenceLink CheckItems { get; } =
        Page("Pre-upgrade check items of CCE Autopilot", "intl/en-us/usermanual-cce-autopilot/cce_11_0549.html");

    public static ReferenceLink StandardCheckItems { get; } =
        Page("Pre-upgrade check items of standard CCE clusters", "intl/en-us/usermanual-cce/cce_10_0549.html");

    public static ReferenceLink PodConfiguration { get; } =
        Page("Check item: Pod configuration", "intl/en-us/usermanual-cce-autopilot/cce_11_0866.html");

    public static ReferenceLink DeprecatedApis { get; } =
        Page("Check item: discarded Kubernetes APIs", "intl/en-us/usermanual-cce/cce_10_0487.html");

    public static ReferenceLink AddonConfiguration { get; } =
        Page("Check item: add-on configuration consistency", "intl/ar-mena/usermanual-cce/cce_10_0531.html");

    public static ReferenceLink NodeRestrictions { get; } =
        Page("Check item: node restrictions (Chinese)", "usermanual-cce/cce_10_0431.html");

    private static readonly ReferenceLink BeforeYouStart = Page(
        "Before you start: backup and rollback",
        "intl/en-us/usermanual-cce-autopilot/cce_11_0302.html"
    );

    private static readonly ReferenceLink ManualUpgrade = Page(
        "Upgrading a cluster by hand: check, retry, confirmation, ticket",
        "intl/en-us/usermanual-cce/cce_11_0301.html"
    );

    private static readonly ReferenceLink Cancelling = Page(
        "API: when a workflow can be cancelled",
        "intl/en-us/api-cce-autopilot/UpgradeAutopilotWorkFlowUpdate.html"
    );

    private static readonly ReferenceLink Backups = Page(
        "API: list of backups",
        "intl/en-us/api-cce-autopilot/ListAutopilotClusterMasterSnapshotTasks.html"
    );

    private static readonly ReferenceLink UpgradeApi = Page(
        "API: all upgrade calls",
        "intl/en-us/api-cce-autopilot/autopilot_upgrade_management.html"
    );

    private static readonly ReferenceLink ErrorCodes = Page("API: error codes (Chinese)", "api-cce-autopilot/ErrorCode.md");

    /// <summary>A page of upstream's.</summary>
    /// <param name="title">What it is about.</param>
    /// <param name="path">Where it stands on upstream's site.</param>
    private static ReferenceLink Page(string title, string path) => new(title, $"{Site}/{path}");

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
