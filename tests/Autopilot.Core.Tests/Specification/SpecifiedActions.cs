using static Autopilot.Core.Tests.Specification.History;

namespace Autopilot.Core.Tests.Specification;

/// <summary>
/// What may be done, read a second time: the state by the page's list, and what is allowed in it from the very table of
/// <c>docs/summary.md</c>. It shares no code with the product.
/// </summary>
internal static class SpecifiedActions
{
    private static readonly string[] Columns =
    [
        "RunPreCheck",
        "ConfirmRisks",
        "StartSnapshot",
        "StartUpgrade",
        "RetryUpgrade",
        "Confirm",
        "Cancel",
    ];

    private static readonly Lazy<Dictionary<string, string[]>> Page = new(Read);

    /// <summary>The page's rows: the state, and <c>yes</c>, <c>(yes)</c>, <c>no</c>, <c>(no)</c> or <c>?</c> for each action.</summary>
    public static IReadOnlyDictionary<string, string[]> Rows => Page.Value;

    /// <summary>What the page says of each action, such as <c>Cancel no</c>.</summary>
    /// <param name="view">The tasks now.</param>
    /// <param name="isGone">Whether upstream no longer knows the workflow.</param>
    /// <param name="critical">The critical lines.</param>
    public static IReadOnlyList<string> Of(View view, bool isGone, IReadOnlySet<(string Start, string End)> critical)
    {
        var row = Rows[StateOf(view, isGone)];
        return
        [
            .. Columns.Select(
                (action, i) =>
                    $"{action} "
                    + action switch
                    {
                        "Cancel" => Cancel(view, isGone && !view.HasEnded, critical, row[i]),
                        // No history here has the items that a pre-check failed on.
                        "ConfirmRisks" when row[i] is "yes" or "(yes)" => "?",
                        _ => row[i],
                    }
            ),
        ];
    }

    private static string StateOf(View view, bool isGone)
    {
        View.TaskNow? Failed(string type) =>
            view.Task(type) is { Stance: StatusMeaning.Failed } task && !view.IsPassedOver(task) && !view.IsLeft(task) ? task : null;
        var underWay = view.InOrder.Where(t => t.UnderWay).Select(t => t.Type).ToHashSet();
        var isUnexplained = view.Phase == "Pending" && !view.InOrder.Any(t => t.Stance is StatusMeaning.Failed && !view.IsPassedOver(t));
        return (view, underWay) switch
        {
            ({ HasEnded: true }, _) => "the workflow has ended",
            _ when isGone => "unknown to upstream, or not read yet",
            ({ RollbackReason: "RollingBack" or "Paused" }, _) => "a rollback that came last is under way",
            ({ RollbackReason: not null }, _) => "a rollback that came last has ended",
            (_, { Count: > 0 }) => UnderWay(view, underWay),
            ({ ClusterIs: "New" }, _) => Failed(PostCheck) is not null ? "the cluster is `New`, the post-check failed"
            : isUnexplained ? "the cluster is `New`, the phase is `Pending` without a failed task"
            : view.Task(PostCheck) is { } check && !view.IsPassed(check) ? "the cluster is `New`, the post-check is still to be run"
            : "the cluster is `New`, and nothing is left to be run",
            ({ ClusterIs: "Between" }, _) when view.Task(Cluster) is { Stance: StatusMeaning.Failed } => Failed(PreCheck) is not null
                ? "the cluster stage failed, and a pre-check after it"
                : "the cluster stage failed",
            ({ ClusterIs: "Old", LastMover: null }, _) when view.Task(Cluster) is { } cluster && !view.IsPassedOver(cluster) => Failed(
                PreCheck
            )
                is not null
                ? "the pre-check failed"
            : view.Task(PreCheck) is { Stance: StatusMeaning.Succeeded, Run.Expiry: { } expiry } && expiry <= view.Now
                ? "the pre-check's result has expired"
            : isUnexplained ? "the phase is `Pending` without a failed task"
            : view.Task(PreCheck) is not { HasStarted: true } check || !view.IsPassed(check) ? "the pre-check has not been run"
            : Failed(Snapshot) is not null ? "a snapshot failed after the pre-check"
            : Next(view, cluster) is { } next ? next
            : check.Stance is StatusMeaning.Succeeded ? "the pre-check passed and is valid"
            : "the pre-check failed and was passed over",
            _ => "the cluster is `Between` or `Unknown` in another way, or the cluster stage was passed over",
        };
    }

    private static string UnderWay(View view, HashSet<string> types) =>
        view.InOrder.Any(t => t is { UnderWay: true, Stance: StatusMeaning.Unfamiliar })
            ? "a task is under way in a status that we don't know"
        : types.Contains(Cluster)
            ? view.Task(Cluster)!.Stance is StatusMeaning.Paused ? "the cluster stage is paused"
                : "the cluster stage is running or queued"
        : types.Contains(Rollback) ? "a rollback that came last is under way"
        : types.Contains(PostCheck) ? "the post-check is under way"
        : types.Contains(PreCheck) ? "the pre-check is under way"
        : types.Contains(Snapshot) ? "the snapshot is under way"
        : "a task of another type is under way";

    /// <summary>What the cluster stage waits for.</summary>
    private static string? Next(View view, View.TaskNow cluster) =>
        view.IsFree(cluster) ? null
        : view.Required.FirstOrDefault(t => t != cluster && !view.IsPassed(t) && view.IsFree(t)) is { Type: Snapshot }
            ? "a snapshot on the path is next"
        : "a task of another type is next";

    private static string Cancel(View view, bool isGone, IReadOnlySet<(string Start, string End)> critical, string cell) =>
        isGone ? cell
        : view.Phase is "Running" or "Success" or "Cancel" ? "no"
        : view.InOrder.Any(t => t.UnderWay && t.Stance is not StatusMeaning.Unfamiliar) ? "no"
        : view.InOrder.Any(t => t.UnderWay) || view.Phase is not ("Init" or "Pending") ? "?"
        : cell == "(yes)" && critical.Any(line => view.Task(line.End) is not { Runs.Count: > 0 }) ? "(no)"
        : cell;

    private static Dictionary<string, string[]> Read() =>
        File.ReadLines(Repository.PathOf("docs", "summary.md"))
            .SkipWhile(line => !line.StartsWith("| state | pre-check |", StringComparison.Ordinal))
            .Skip(2)
            .TakeWhile(line => line.StartsWith('|'))
            .Select(line => line.Trim('|').Split('|', StringSplitOptions.TrimEntries))
            .ToDictionary(cells => cells[0], cells => cells[1..]);
}
