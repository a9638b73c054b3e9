using Autopilot.Core.Workflows;

namespace Autopilot.Api.Mcp;

/// <summary>What holds an upgrade up, and what is worth knowing beside it.</summary>
internal sealed record BlockerExplanation(
    string Id,
    Assessment Assessment,
    string Headline,
    DateTimeOffset? ObservedAt,
    bool Stale,
    BlockingTask? BlockingTask,
    IReadOnlyList<Insight> Insights
);
