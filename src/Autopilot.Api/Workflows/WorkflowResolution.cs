using System.Diagnostics.CodeAnalysis;
using Autopilot.Api.Problems;
using Autopilot.Core.Listing;
using Autopilot.Core.Workflows;

namespace Autopilot.Api.Workflows;

/// <summary>The workflow that a reference stands for, or why there is none.</summary>
/// <param name="Workflow">Null where there is a problem.</param>
/// <param name="Problem">404 or 409; null where there is a workflow.</param>
internal sealed record WorkflowResolution(TrackedWorkflow? Workflow, Problem? Problem)
{
    /// <summary>The cluster that the reference names, where the problem is that no upgrade of it is known; null otherwise.</summary>
    public NamedCluster? WithoutUpgrade { get; init; }

    /// <summary>Other clusters of the name that was given, whose upgrades do not go on; most often none.</summary>
    public IReadOnlyList<NamedCluster> Others { get; init; } = [];

    [MemberNotNullWhen(true, nameof(Workflow))]
    [MemberNotNullWhen(false, nameof(Problem))]
    public bool IsFound => Workflow is not null;
}
