using System.Collections.Immutable;
using Autopilot.Simulator.Scenarios;

namespace Autopilot.Simulator.Fleet;

/// <summary>What upstream knows: which workflow is in which state at which moment. Safe for any number of threads.</summary>
public sealed class World
{
    private readonly Lock _writing = new();
    private volatile Index _index = Index.Empty;

    private readonly TimeSpan? _forgetAfter;

    internal World(SimulatedFleet fleet, DateTimeOffset origin, double pace, TimeSpan? forgetAfter = null)
    {
        (Origin, Pace, _forgetAfter) = (origin, pace, forgetAfter / pace);
        foreach (var cluster in fleet.Clusters)
        {
            Add(cluster);
        }

        foreach (var workflow in fleet.Workflows)
        {
            Add(workflow);
        }
    }

    /// <summary>The moment that the workflows' times count from.</summary>
    public DateTimeOffset Origin { get; }

    /// <summary>Divides every duration.</summary>
    public double Pace { get; }

    /// <summary>Every workflow, also those that are not created yet, in no promised order.</summary>
    public IReadOnlyCollection<SimulatedWorkflow> Workflows => [.. _index.ById.Values.Select(entry => entry.Workflow)];

    /// <summary>Every cluster, in no promised order.</summary>
    public IReadOnlyCollection<SimulatedCluster> Clusters => [.. _index.Clusters.Values];

    /// <summary>Adds a cluster, or renames the one of these ids.</summary>
    public void Add(SimulatedCluster cluster)
    {
        lock (_writing)
        {
            _index = _index.With(cluster);
        }
    }

    /// <summary>Makes upstream forget a cluster with all of its workflows. False when it did not know it.</summary>
    public bool ForgetCluster(string projectId, string clusterId)
    {
        lock (_writing)
        {
            var before = _index;
            foreach (var entry in before.ByCluster.GetValueOrDefault((projectId, clusterId), []))
            {
                _index = _index.Without(entry.Workflow.Id);
            }

            _index = _index with { Clusters = _index.Clusters.Remove((projectId, clusterId)) };
            return _index != before;
        }
    }

    /// <summary>Adds a workflow, or replaces the one of this id. Its times count from the same origin as the others'.</summary>
    public void Add(SimulatedWorkflow workflow)
    {
        var entry = new TrackedScenario(workflow, workflow.StatesFrom(Origin, Pace), _forgetAfter);
        lock (_writing)
        {
            _index = _index.Without(workflow.Id).With(entry);
        }
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

    /// <summary>The cluster, or null when there is no such.</summary>
    internal SimulatedCluster? Find(string projectId, string clusterId) => _index.Clusters.GetValueOrDefault((projectId, clusterId));

    /// <summary>The workflows of a cluster that exist at a moment, newest first; null when there is no such cluster.</summary>
    internal IReadOnlyList<(SimulatedWorkflow Workflow, WorkflowState State)>? InCluster(
        string projectId,
        string clusterId,
        DateTimeOffset moment
    ) =>
        Find(projectId, clusterId) is null
            ? null
            :
            [
                .. from entry in _index.ByCluster.GetValueOrDefault((projectId, clusterId), [])
                let state = entry.At(moment)
                where state is not null
                orderby entry.States[0].At descending
                select (entry.Workflow, state),
            ];

    internal bool HasProject(string projectId) => _index.Projects.Contains(projectId);

    private sealed record Index(
        ImmutableDictionary<string, TrackedScenario> ById,
        ImmutableDictionary<(string, string), ImmutableList<TrackedScenario>> ByCluster,
        ImmutableDictionary<(string, string), SimulatedCluster> Clusters,
        ImmutableHashSet<string> Projects
    )
    {
        public static Index Empty { get; } =
            new(
                ImmutableDictionary<string, TrackedScenario>.Empty,
                ImmutableDictionary<(string, string), ImmutableList<TrackedScenario>>.Empty,
                ImmutableDictionary<(string, string), SimulatedCluster>.Empty,
                []
            );

        // Its project remains even when the cluster is forgotten.
        public Index With(SimulatedCluster cluster) =>
            this with
            {
                Clusters = Clusters.SetItem((cluster.ProjectId, cluster.ClusterId), cluster),
                Projects = Projects.Add(cluster.ProjectId),
            };

        public Index With(TrackedScenario entry)
        {
            var cluster = (entry.Workflow.ProjectId, entry.Workflow.ClusterId);
            var index = Clusters.ContainsKey(cluster)
                ? this
                : With(new SimulatedCluster(entry.Workflow.ProjectId, entry.Workflow.ClusterId, entry.Workflow.ClusterName));
            return index with
            {
                ById = ById.SetItem(entry.Workflow.Id, entry),
                ByCluster = ByCluster.SetItem(cluster, ByCluster.GetValueOrDefault(cluster, []).Add(entry)),
            };
        }

        // Its cluster and project remain: a workflow that is forgotten takes neither with it.
        public Index Without(string workflowId)
        {
            if (!ById.TryGetValue(workflowId, out var entry))
            {
                return this;
            }

            var cluster = (entry.Workflow.ProjectId, entry.Workflow.ClusterId);
            return this with { ById = ById.Remove(workflowId), ByCluster = ByCluster.SetItem(cluster, ByCluster[cluster].Remove(entry)) };
        }
    }

    private sealed record TrackedScenario(SimulatedWorkflow Workflow, IReadOnlyList<WorkflowState> States, TimeSpan? ForgetAfter)
    {
        public WorkflowState? At(DateTimeOffset moment) => IsForgotten(moment) ? null : States.LastOrDefault(state => state.At <= moment);

        private bool IsForgotten(DateTimeOffset moment) =>
            ForgetAfter is { } after && States[^1] is { IsFinal: true } end && moment >= end.At + after;
    }
}
