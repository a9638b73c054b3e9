using Autopilot.Core.Workflows;
using Autopilot.Core.Workflows.Actions;

namespace Autopilot.Api.Mcp;

/// <summary>What holds an upgrade up, and what is worth knowing beside it.</summary>
internal sealed record BlockerExplanation(
    string Id,
    Assessment Assessment,
    string Headline,
    DateTimeOffset? ObservedAt,
    bool Stale,
    BlockingTask? BlockingTask,
    IReadOnlyList<WorkflowAction> Actions,
    IReadOnlyList<Insight> Insights
);
