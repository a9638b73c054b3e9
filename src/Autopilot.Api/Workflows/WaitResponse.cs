using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;
using Autopilot.Core.Workflows;

namespace Autopilot.Api.Workflows;

/// <summary>The summary at the end of a wait, and whether what was waited for has come.</summary>
internal sealed record WaitResponse : WorkflowSummary
{
    [SetsRequiredMembers]
    public WaitResponse(WorkflowSummary summary, bool reached)
        : base(summary) => Reached = reached;

    /// <summary>
    /// Whether it has come. False after the timeout, when the process stops, and at once where a finished workflow cannot reach it any
    /// more.
    /// </summary>
    [JsonPropertyOrder(-1)]
    public bool Reached { get; }
}
