namespace Autopilot.Core.Tests.Specification;

/// <summary>Histories whose answer the specification gives word for word; each was once answered wrongly.</summary>
internal static class SpecifiedCases
{
    private const string Path = "/ PreCheck>Cluster Cluster>PostCheck";
    private const string Passed = "PreCheck =Success #p1 6:10..6:11 x7:11";
    private const string ClusterRuns = "Cluster =Running #c1 6:20..";
    private const string ClusterDone = "Cluster =Success #c1 6:20..6:35";
    private const string ClusterFailed = "Cluster =Failed #c1 6:20..6:35";

    /// <summary>Rule, history, and the answer after its last observation.</summary>
    public static TheoryData<string, string, string> All =>
        new()
        {
            {
                "Points that vanish stay what they were",
                $"6:30 Running: {Passed}, {ClusterRuns}, PostCheck {Path}\n" + $"6:31 Running: {Path}",
                "Progressing Cluster/InProgress@6:20 Between 1/3"
            },
            {
                "An expiry of Unix time 0 is no expiry",
                $"9:00 Running: PreCheck =Success #p1 7:20:04..7:21:05 xepoch, Snapshot, Cluster, PostCheck {Path}",
                "Waiting Cluster/AwaitingStart@7:21:05 Old 1/3"
            },
            {
                "A start of Unix time 0 is no start",
                $"9:00 Running: PreCheck =Running #p1 epoch.., Snapshot, Cluster, PostCheck {Path}",
                "Progressing PreCheck/InProgress@9:00 Old 0/3"
            },
            {
                "A cluster upgrade of 100 minutes is stalled",
                $"6:25 Running: {Passed}, {ClusterRuns}, PostCheck {Path}\n" + $"8:00 Running: {Passed}, {ClusterRuns}, PostCheck {Path}",
                "Stalled Cluster/InProgress@6:20 Between 1/3"
            },
            {
                "What is gone keeps its blocking task",
                $"6:30 Running: {Passed}, {ClusterRuns}, PostCheck {Path}\n" + "6:31 NotFound\n" + "6:32 NotFound\n" + "6:33 NotFound",
                "Gone Cluster/InProgress@6:20 Between 1/3"
            },
            {
                "A failed optional snapshot blocks before the upgrade",
                $"6:30 Pending: {Passed}, Snapshot =Failed #s1 6:12..6:13, Cluster, PostCheck {Path}",
                "Blocked Snapshot/TaskFailed@6:13 Old 1/3"
            },
            {
                "A pre-check whose risks were accepted is passed over",
                "8:00 Running: PreCheck =Failed #p1 7:20:04..7:21:05, Snapshot, Cluster =Running #c1 7:49:30.., " + $"PostCheck {Path}",
                "Progressing Cluster/InProgress@7:49:30 Between 0/2"
            },
            {
                "A passed-over pre-check does not hold the confirmation",
                $"9:00 Running: PreCheck =Failed #p1 7:20:04..7:21:05, Snapshot, Cluster =Success #c1 7:49:30..7:58:35, PostCheck {Path}",
                "Waiting PostCheck/AwaitingConfirmation@7:58:35 New 1/2"
            },
            {
                "A passed-over pre-check does not hide the post-check",
                "8:01 Running: PreCheck =Failed #p1 7:20:04..7:21:05, Snapshot, Cluster =Success #c1 7:49:30..7:58:35, "
                    + $"PostCheck =Running #q1 8:00.. {Path}",
                "Progressing PostCheck/InProgress@8:00 New 1/2"
            },
            {
                "Pending with an overtaken snapshot is blocked",
                $"6:50 Pending: {Passed}, Snapshot =Failed #s1 6:12..6:13, {ClusterDone}, PostCheck {Path}",
                "Blocked PostCheck/AwaitingConfirmation@6:35 New 2/3"
            },
            {
                "Points not listed yet are tasks of the lines",
                $"6:12 Running: {Passed} {Path}",
                "Waiting Cluster/AwaitingStart@6:11 Old 1/3"
            },
            {
                "A point not listed yet stays in the count",
                $"6:10:30 Running: PreCheck =Running #p1 6:10.. {Path}",
                "Progressing PreCheck/InProgress@6:10 Old 0/3"
            },
            {
                "A pre-check expires across a snapshot on the path",
                $"7:30 Running: {Passed}, Snapshot =Success #s1 6:12..6:15, Cluster, "
                    + "PostCheck / PreCheck>Snapshot Snapshot>Cluster Cluster>PostCheck",
                "Blocked PreCheck/PreCheckExpired@7:11 Old 2/4"
            },
            {
                "A pre-check that fails beside the upgrade blocks nothing",
                $"6:30 Running: PreCheck =Failed #p2 6:22..6:23, {ClusterRuns}, PostCheck {Path}",
                "Progressing Cluster/InProgress@6:20 Between 0/3"
            },
            {
                "A rollback of 12 hours is stalled",
                $"6:50 Running: {Passed}, {ClusterFailed}, PostCheck, Rollback =Running #r1 6:40.. {Path}\n"
                    + $"18:50 Running: {Passed}, {ClusterFailed}, PostCheck, Rollback =Running #r1 6:40.. {Path}",
                "Stalled Rollback/RollingBack@6:40 Between 1/3"
            },
            {
                "A bare rollback point is not next up",
                $"7:00 Running: {Passed}, Snapshot =Success #s1 6:12..6:15, {ClusterDone}, PostCheck =Success #q1 6:51..6:52, Rollback /",
                "Waiting - New 3/3"
            },
            {
                "A failed rollback outlasts a new pre-check",
                $"7:05 Running: PreCheck =Running #p2 7:04.., {ClusterFailed}, PostCheck, Rollback =Failed #r1 6:40..6:55 {Path}\n"
                    + $"7:10 Running: PreCheck =Success #p2 7:04..7:05 x8:05, {ClusterFailed}, PostCheck, "
                    + $"Rollback =Failed #r1 6:40..6:55 {Path}",
                "Blocked Rollback/TaskFailed@6:55 Between 1/3"
            },
            {
                "A rollback on a line is not on the path",
                $"6:50 Running: {Passed}, {ClusterDone}, PostCheck, Rollback {Path} Cluster>Rollback",
                "Waiting PostCheck/AwaitingConfirmation@6:35 New 2/3"
            },
            {
                "A rollback on a line is not counted",
                $"7:00 Running: {Passed}, {ClusterDone}, PostCheck =Success #q1 6:51..6:52, " + $"Rollback {Path} Cluster>Rollback",
                "Waiting - New 3/3"
            },
            {
                "A paused rollback is paused",
                $"6:50 Pending: {Passed}, {ClusterFailed}, PostCheck, Rollback =Pause #r1 6:40.. {Path}\n"
                    + $"18:50 Pending: {Passed}, {ClusterFailed}, PostCheck, Rollback =Pause #r1 6:40.. {Path}",
                "Blocked Rollback/Paused@6:50 Between 1/3"
            },
            {
                "A rollback undoes a successful upgrade",
                $"6:36 Running: {Passed}, {ClusterDone}, PostCheck {Path}\n"
                    + $"7:00 Running: {Passed}, {ClusterDone}, PostCheck, Rollback =Success #r1 6:40..6:55 {Path}",
                "Blocked Cluster/RolledBack@6:55 Old 1/3"
            },
            {
                "Success on a cluster rolled back is on the old version",
                $"7:10 Success: {Passed}, {ClusterFailed}, PostCheck, Rollback =Success #r1 6:40..6:55 {Path}",
                "Completed - Old 1/3"
            },
            {
                "A retry that succeeds supersedes the rollback",
                $"7:00 Pending: {Passed}, {ClusterFailed}, PostCheck, Rollback =Success #r1 6:40..6:55 {Path}\n"
                    + $"7:40 Cancel: {Passed}, Cluster =Success #c1 7:05..7:20, PostCheck, Rollback =Success #r1 6:40..6:55 {Path}",
                "Cancelled - New 2/3"
            },
            {
                "A snapshot that fails beside the upgrade blocks nothing",
                $"6:30 Running: {Passed}, Snapshot =Failed #s1 6:21..6:22, {ClusterRuns}, PostCheck {Path}",
                "Progressing Cluster/InProgress@6:20 Between 1/3"
            },
            {
                "A skipped snapshot is not next up",
                $"7:00 Running: {Passed}, Snapshot, {ClusterDone}, PostCheck =Success #q1 6:40..6:41 /",
                "Waiting - New 3/3"
            },
            {
                "Success with a failed cluster stage is between versions",
                $"6:45 Success: {Passed}, {ClusterFailed}, PostCheck {Path}",
                "Completed - Between 1/3"
            },
            {
                "A vanished cluster point awaits no confirmation",
                $"6:30 Running: {Passed}, {ClusterRuns}, PostCheck {Path}\n" + $"6:31 Running: {Passed}, PostCheck {Path}",
                "Progressing Cluster/InProgress@6:20 Between 1/3"
            },
        };
}
