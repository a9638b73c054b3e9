namespace Autopilot.Simulator.Scenarios;

/// <summary>
/// What a step of a scenario does to a workflow, in upstream's rules: starting makes it <c>Running</c>, a failure <c>Pending</c>.
/// </summary>
public sealed class Change
{
    private readonly Func<string, int, string> _taskId;
    private readonly TimeSpan _validity;
    private readonly List<string> _what = [];

    internal Change(WorkflowState before, DateTimeOffset at, TimeSpan validity, Func<string, int, string> taskId)
    {
        (State, At, _validity, _taskId) = (before, at, validity, taskId);
    }

    internal WorkflowState State { get; private set; }

    internal DateTimeOffset At { get; }

    internal string What => string.Join(", ", _what);

    /// <summary>Starts a task under a new id.</summary>
    public Change Start(string type) => Say($"{type} starts").Put(NewTask(type, "Running") with { StartedAt = At }).Started();

    /// <summary>Asks for a task that is then queued: it has an id and no start.</summary>
    public Change Queue(string type) => Say($"{type} is queued").Put(NewTask(type, "Queuing")).Started();

    /// <summary>A queued task starts.</summary>
    public Change Run(string type) => Say($"{type} runs").Put(Latest(type) with { Status = "Running", StartedAt = At }).Started();

    /// <summary>Runs a failed task again under its old id, as <c>upgrade/retry</c> does: a later start, and no end.</summary>
    public Change Retry(string type) =>
        Say($"{type} is retried").Put(Latest(type) with { Status = "Running", StartedAt = At, EndedAt = null, Message = "" }).Started();

    /// <summary>A task is done. A pre-check's result is then valid for an hour.</summary>
    public Change Succeed(string type) =>
        Say($"{type} succeeds")
            .Put(
                Latest(type) with
                {
                    Status = "Success",
                    EndedAt = At,
                    ExpiresAt = type == "PreCheck" ? At + _validity : null,
                    Items = type == "PreCheck" ? CheckItems.Passed : [],
                }
            );

    /// <summary>A task fails and the workflow waits for a person.</summary>
    public Change Fail(string type, string message, IReadOnlyList<CheckItem>? items = null)
    {
        Say($"{type} fails").Put(Latest(type) with { Status = "Failed", EndedAt = At, Message = message, Items = items ?? [] });
        State = State with { Phase = "Pending" };
        return this;
    }

    /// <summary>A rollback that has ended leaves the failure behind it to be dealt with.</summary>
    public Change LeavePending()
    {
        State = State with { Phase = "Pending" };
        return this;
    }

    /// <summary>All is done.</summary>
    public Change Complete()
    {
        State = State with { Phase = "Success" };
        return Say("workflow completes");
    }

    /// <summary>A person cancels; upstream allows it only while nothing runs.</summary>
    public Change Cancel()
    {
        if (State.Points.Any(point => point.TaskId is { } id && State.Tasks[id].Status is "Queuing" or "Running"))
        {
            throw new InvalidOperationException("A workflow with a running task cannot be cancelled.");
        }

        State = State with { Phase = "Cancel" };
        return Say("workflow is cancelled");
    }

    private TaskState NewTask(string type, string status) =>
        new()
        {
            Id = _taskId(type, State.Tasks.Values.Count(task => task.Type == type) + 1),
            Type = type,
            Status = status,
            CreatedAt = At,
        };

    private TaskState Latest(string type) => State.Latest(type) ?? throw new InvalidOperationException($"{type} has not been started.");

    // Upstream stamps the document just before the start that it is about to record (1.548 ms in the official example), and not on an end.
    private Change Started()
    {
        State = State with { Phase = "Running", UpdatedAt = At.AddTicks(-15_480) };
        return this;
    }

    private Change Put(TaskState task)
    {
        var point = (task.Type, (string?)task.Id);
        var index = State.Points.Select(p => p.Type).ToList().IndexOf(task.Type);
        State = State with
        {
            Tasks = State.Tasks.SetItem(task.Id, task),
            Points = index < 0 ? State.Points.Add(point) : State.Points.SetItem(index, point),
        };
        return this;
    }

    private Change Say(string what)
    {
        _what.Add(what);
        return this;
    }
}
