using static Autopilot.Core.Tests.Specification.History;

namespace Autopilot.Core.Tests.Specification;

/// <summary>
/// All tasks at one moment, and what follows from them: what is required, passed over, blocking, and which version the cluster is on.
/// </summary>
internal sealed class View
{
    private static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(5);

    /// <summary>Reasons in the order of the page: the first that has a candidate decides.</summary>
    private static readonly string[] Reasons =
    [
        "TaskFailed",
        "Paused",
        "InProgress",
        "Queued",
        "PreCheckExpired",
        "AwaitingConfirmation",
        "AwaitingStart",
        "Unknown",
    ];

    private readonly Paths _paths;
    private readonly Dictionary<string, TaskNow> _tasks;
    private readonly DateTimeOffset? _created;
    private readonly DateTimeOffset _firstSeen;

    public View(
        DateTimeOffset now,
        string? phase,
        Paths paths,
        IEnumerable<TaskNow> tasks,
        DateTimeOffset? created,
        DateTimeOffset firstSeen
    )
    {
        (Now, Phase, _paths, _created, _firstSeen) = (now, phase, paths, created, firstSeen);
        _tasks = tasks.ToDictionary(t => t.Type);
        foreach (var type in paths.Order.Where(t => !_tasks.ContainsKey(t)))
        {
            _tasks[type] = new TaskNow(type, StatusMeaning.NotStarted, null, [], now, true);
        }

        // A post-check that ended before the last start of the cluster stage speaks of an earlier upgrade.
        if (_tasks.TryGetValue(PostCheck, out var check) && Task(Cluster)?.Runs.Max(r => r.Start) is { } restart)
        {
            bool IsOld(RunNow run) =>
                run is { HasEnded: true } or { IsOver: true } && (run.End ?? (run.HasEnded ? run.StanceSince : run.LastShown)) < restart;
            _tasks[PostCheck] = check with
            {
                Runs = [.. check.Runs.Where(r => !IsOld(r))],
                Run = check.Run is { } run && IsOld(run) ? null : check.Run,
                Stance = check.Run is { } old && IsOld(old) ? StatusMeaning.NotStarted : check.Stance,
            };
        }

        ClusterIs = WhereIsTheCluster();
        Required = [.. paths.Order.Where(paths.Required.Contains).Select(t => _tasks[t])];
    }

    public DateTimeOffset Now { get; }

    public string? Phase { get; }

    /// <summary><c>Old</c>, <c>New</c>, <c>Between</c> or <c>Unknown</c>.</summary>
    public string ClusterIs { get; }

    public IReadOnlyList<TaskNow> Required { get; }

    public IEnumerable<TaskNow> InOrder => _paths.Order.Select(t => _tasks[t]);

    /// <summary>Why the rollback decides what blocks; null where it does not.</summary>
    public string? RollbackReason => ByRollback()?.Reason;

    /// <summary>The cluster stage or the rollback: what last moved the cluster; null where nothing has.</summary>
    public string? LastMover => Later(Task(Cluster)?.LastStarted, Task(Rollback)?.LastStarted, false)?.Type;

    public bool HasEnded => Phase is "Success" or "Cancel";

    public bool AllDone => Required.All(IsPassed) && ClusterIs == "New";

    public TaskNow? Task(string type) => _tasks.GetValueOrDefault(type);

    public bool IsPassedOver(TaskNow task)
    {
        var after = InOrder.Where(t => Before(_paths.Edges, t.Type).Contains(task.Type)).SelectMany(t => t.Runs).Where(r => r.HasStarted);
        return task switch
        {
            { UnderWay: true } => false,
            { Stance: StatusMeaning.Failed, Run: { } run } => task.Type != Cluster
                && after.Any(r => r.Place >= (run.End ?? run.Start ?? run.FirstSeen)),
            { HasStarted: false } => after.Any(),
            _ => false,
        };
    }

    /// <summary>What may be the blocking task, the first first.</summary>
    public IReadOnlyList<Blocker> Candidates()
    {
        if (ByRollback() is { } rollback)
        {
            return [rollback];
        }

        var underWay = Required.Where(t => t.UnderWay).ToList();
        if (underWay.Count > 0)
        {
            return InOrderOfReasons(underWay.Select(Because));
        }

        var clusterBegun =
            Task(Cluster) is { } cluster && (cluster.HasStarted || cluster.Stance is StatusMeaning.Queued || IsPassedOver(cluster));
        var order = InOrder.ToList();
        var between = order.Where(t => Before(_paths.Edges, t.Type).Contains(PreCheck) && Before(_paths.Edges, Cluster).Contains(t.Type));
        var blockers = new List<Blocker>();
        foreach (var task in order)
        {
            if (task is { Type: PreCheck, Stance: StatusMeaning.Succeeded, Run.Expiry: { } expiry })
            {
                if (expiry <= Now && !clusterBegun && !between.Any(t => t.UnderWay))
                {
                    blockers.Add(new Blocker(task, "PreCheckExpired", expiry));
                }
            }
            else if (
                Required.Contains(task)
                    ? !IsPassed(task) && DirectlyBefore(task.Type).All(IsPassed)
                    : task.Type != Rollback
                        && (task.UnderWay || task.Stance is StatusMeaning.Failed)
                        && !Required.Any(r => r.Runs.Any(a => a.HasStarted && a.Place > task.Run!.Place))
            )
            {
                blockers.Add(Because(task));
            }
        }

        return InOrderOfReasons(blockers);
    }

    /// <summary>Among several of one reason, execution order.</summary>
    private static List<Blocker> InOrderOfReasons(IEnumerable<Blocker> blockers) =>
        [.. blockers.OrderBy(b => Array.IndexOf(Reasons, b.Reason))];

    /// <summary>A cluster stage is done only while the cluster is on the new version.</summary>
    public bool IsPassed(TaskNow task) =>
        (task.Stance is StatusMeaning.Succeeded && (task.Type != Cluster || ClusterIs == "New")) || IsPassedOver(task);

    /// <summary>Whether everything directly before it is done or passed over.</summary>
    public bool IsFree(TaskNow task) => DirectlyBefore(task.Type).All(IsPassed);

    /// <summary>Whether it is optional, and a required task has started after it.</summary>
    public bool IsLeft(TaskNow task) =>
        !Required.Contains(task) && Required.Any(r => r.Runs.Any(a => a.HasStarted && a.Place > task.Run!.Place));

    private IEnumerable<TaskNow> DirectlyBefore(string type) => _paths.Edges.Where(e => e.End == type).Select(e => _tasks[e.Start]);

    private string WhereIsTheCluster()
    {
        var cluster = Task(Cluster);
        var later = Later(cluster?.LastStarted, Task(Rollback)?.LastStarted, false);

        // A rollback that decides says where the cluster is, whether its own point is shown or not.
        if (
            later is not { Type: Rollback }
            && cluster is null or { Missing: true }
            && cluster?.Run is not { HasEnded: true }
            && (HasEnded || Task(PostCheck) is { HasStarted: true })
        )
        {
            return "Unknown";
        }

        return later switch
        {
            null => "Old",
            { Stance: StatusMeaning.Unfamiliar } => "Unknown",
            { Type: Cluster, Stance: StatusMeaning.Succeeded } => "New",
            { Type: Rollback, Stance: StatusMeaning.Succeeded } => "Old",
            _ => "Between",
        };
    }

    /// <summary>The later of a cluster run and a rollback; a queued one counts only for what blocks.</summary>
    private static RunNow? Later(RunNow? cluster, RunNow? rollback, bool queuedCounts)
    {
        if (cluster is null || rollback is null)
        {
            return cluster ?? rollback;
        }

        static int Activity(RunNow run, bool queuedCounts) =>
            run switch
            {
                { IsOver: true } => 0,
                { Stance: StatusMeaning.Queued } => queuedCounts ? 1 : 0,
                { Stance: StatusMeaning.Running or StatusMeaning.Paused } => 2,
                _ => -1,
            };
        var (c, r) = (Activity(cluster, queuedCounts), Activity(rollback, queuedCounts));
        return c >= 0 && r >= 0 && c != r
            ? c > r
                ? cluster
                : rollback
            : cluster.Place > rollback.Place
                ? cluster
                : rollback;
    }

    private Blocker? ByRollback()
    {
        if (Task(Rollback) is not { } task || Later(Task(Cluster)?.Last, task.Last, true) is not { Type: Rollback } run)
        {
            return null;
        }

        return run switch
        {
            { IsOver: false, Stance: StatusMeaning.Paused } => Because(task),
            { IsOver: false, Stance: StatusMeaning.Queued or StatusMeaning.Running or StatusMeaning.Unfamiliar } => new Blocker(
                task,
                "RollingBack",
                Since(run.Start, task.StanceSince)
            ),
            { Stance: StatusMeaning.Failed } => new Blocker(task, "TaskFailed", Since(run.End, run.StanceSince)),
            { Stance: StatusMeaning.Succeeded } => new Blocker(
                Task(Cluster) ?? task with { Type = Cluster },
                "RolledBack",
                Since(run.End, run.StanceSince)
            ),
            _ => null,
        };
    }

    private Blocker Because(TaskNow task) =>
        task.Stance switch
        {
            StatusMeaning.Failed => new Blocker(task, "TaskFailed", Since(task.Run!.End, task.StanceSince)),
            StatusMeaning.Paused => new Blocker(task, "Paused", task.StanceSince),
            StatusMeaning.Running => new Blocker(task, "InProgress", Since(task.Run!.Start, task.StanceSince)),
            StatusMeaning.Queued => new Blocker(task, "Queued", task.StanceSince),
            StatusMeaning.NotStarted
                when task.Type == PostCheck && !task.HasStarted && ClusterIs == "New" && Required.All(t => t == task || IsPassed(t)) =>
                new Blocker(task, "AwaitingConfirmation", Required.Where(t => t != task).Max(DoneAt) ?? CouldStart(task.Type)),
            StatusMeaning.NotStarted => new Blocker(task, "AwaitingStart", CouldStart(task.Type)),
            _ => new Blocker(task, "Unknown", task.StanceSince),
        };

    private DateTimeOffset CouldStart(string type) =>
        DirectlyBefore(type).Max(t => (DateTimeOffset?)(DoneAt(t) ?? CouldStart(t.Type))) ?? Since(_created, _firstSeen);

    /// <summary>
    /// When a task that is done or passed over ended, or else an earlier run of the one that is passed over; none if it never ended.
    /// </summary>
    private DateTimeOffset? DoneAt(TaskNow task) =>
        task.Stance switch
        {
            StatusMeaning.Succeeded => Since(task.Run!.End, task.StanceSince),
            StatusMeaning.Failed when (task.Run!.End ?? task.Runs.Max(r => r.End)) is { } end => Since(end, task.StanceSince),
            _ => null,
        };

    private DateTimeOffset Since(DateTimeOffset? time, DateTimeOffset observed) =>
        time is { } known && known <= Now + Tolerance ? known : observed;

    /// <summary>A candidate for the blocking task.</summary>
    internal sealed record Blocker(TaskNow Task, string Reason, DateTimeOffset Since);

    /// <summary>A task at one moment.</summary>
    internal sealed record TaskNow(
        string Type,
        StatusMeaning Stance,
        RunNow? Run,
        IReadOnlyList<RunNow> Runs,
        DateTimeOffset StanceSince,
        bool Missing
    )
    {
        public bool UnderWay =>
            Stance is StatusMeaning.Queued or StatusMeaning.Running or StatusMeaning.Paused
            || (Stance is StatusMeaning.Unfamiliar && Run is not null);

        public bool HasStarted => Runs.Any(r => r.HasStarted);

        public RunNow? Last => Run ?? Runs.OrderBy(r => r.Place).LastOrDefault();

        /// <summary>A queued run has not started, even if it still shows the start of the run before it.</summary>
        public RunNow? LastStarted =>
            Run is { HasStarted: true, Stance: not StatusMeaning.Queued }
                ? Run
                : Runs.Where(r => r is { HasStarted: true, Stance: not StatusMeaning.Queued }).OrderBy(r => r.Place).LastOrDefault();
    }

    /// <summary>A run at one moment; <paramref name="IsOver"/> once it ended or another run took its place.</summary>
    internal sealed record RunNow(
        string Type,
        StatusMeaning Stance,
        DateTimeOffset? Start,
        DateTimeOffset? End,
        DateTimeOffset? Expiry,
        DateTimeOffset FirstSeen,
        DateTimeOffset StanceSince,
        bool IsOver,
        DateTimeOffset LastShown
    )
    {
        public bool HasEnded => Stance is StatusMeaning.Succeeded or StatusMeaning.Failed;

        public bool HasStarted =>
            Start is not null || Stance is StatusMeaning.Running or StatusMeaning.Paused or StatusMeaning.Succeeded or StatusMeaning.Failed;

        /// <summary>Where it stands among other runs.</summary>
        public DateTimeOffset Place => Start ?? End ?? FirstSeen;
    }
}
