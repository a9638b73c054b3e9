using System.Collections.Immutable;
using Autopilot.Simulator.Lives;

namespace Autopilot.Simulator.Fleet;

/// <summary>What upstream knows: which workflow is in which state at which moment. Safe for any number of threads.</summary>
public sealed class World
{
    private readonly Lock _writing = new();
    private volatile Index _index = Index.Empty;

    internal World(SimulatedFleet fleet, DateTimeOffset origin, double pace)
    {
        (Origin, Pace) = (origin, pace);
        foreach (var workflow in fleet.Workflows)
            Add(workflow);
    }

    /// <summary>The moment that the workflows' times count from.</summary>
    public DateTimeOffset Origin { get; }

    /// <summary>Divides every duration.</summary>
    public double Pace { get; }

    /// <summary>Every workflow, also those that are not created yet, in no promised order.</summary>
    public IReadOnlyCollection<SimulatedWorkflow> Workflows => [.. _index.ById.Values.Select(known => known.Workflow)];

    /// <summary>Adds a workflow, or replaces the one of this id. Its times count from the same origin as the others'.</summary>
    public void Add(SimulatedWorkflow workflow)
    {
        var known = new Known(workflow, workflow.StatesFrom(Origin, Pace));
        lock (_writing)
            _index = _index.Without(workflow.Id).With(known);
    }

    /// <summary>Makes upstream forget a workflow. False when it did not know it.</summary>
    public bool Forget(string workflowId)
    {
        lock (_writing)
        {
            var before = _index;
            _index = before.Without(workflowId);
            return _index != before;
        }
    }

    /// <summary>Every state that a workflow will ever have, oldest first; the truth to compare a history with.</summary>
    /// <exception cref="KeyNotFoundException">There is no such workflow.</exception>
    public IReadOnlyList<WorkflowState> StatesOf(string workflowId) => _index.ById[workflowId].States;

    /// <summary>The state at a moment, or null: unknown, or not created yet.</summary>
    public WorkflowState? StateAt(string workflowId, DateTimeOffset moment) => _index.ById.GetValueOrDefault(workflowId)?.At(moment);

    /// <summary>The workflows of a cluster that exist at a moment, newest first; null when there is no such cluster.</summary>
    internal IReadOnlyList<(SimulatedWorkflow Workflow, WorkflowState State)>? InCluster(string projectId, string clusterId, DateTimeOffset moment) =>
        !_index.ByCluster.TryGetValue((projectId, clusterId), out var cluster) ? null :
        [
            .. from known in cluster
               let state = known.At(moment)
               where state is not null
               orderby known.States[0].At descending
               select (known.Workflow, state),
        ];

    internal bool HasProject(string projectId) => _index.Projects.Contains(projectId);

    private sealed record Index(
        ImmutableDictionary<string, Known> ById, ImmutableDictionary<(string, string), ImmutableList<Known>> ByCluster, ImmutableHashSet<string> Projects)
    {
        public static Index Empty { get; } = new(ImmutableDictionary<string, Known>.Empty, ImmutableDictionary<(string, string), ImmutableList<Known>>.Empty, []);

        public Index With(Known known)
        {
            var cluster = (known.Workflow.ProjectId, known.Workflow.ClusterId);
            return new(
                ById.SetItem(known.Workflow.Id, known), ByCluster.SetItem(cluster, ByCluster.GetValueOrDefault(cluster, []).Add(known)), Projects.Add(known.Workflow.ProjectId));
        }

        // Its cluster and project remain: a workflow that is forgotten takes neither with it.
        public Index Without(string workflowId)
        {
            if (!ById.TryGetValue(workflowId, out var known))
                return this;
            var cluster = (known.Workflow.ProjectId, known.Workflow.ClusterId);
            return this with { ById = ById.Remove(workflowId), ByCluster = ByCluster.SetItem(cluster, ByCluster[cluster].Remove(known)) };
        }
    }

    private sealed record Known(SimulatedWorkflow Workflow, IReadOnlyList<WorkflowState> States)
    {
        public WorkflowState? At(DateTimeOffset moment) => States.LastOrDefault(state => state.At <= moment);
    }
}
