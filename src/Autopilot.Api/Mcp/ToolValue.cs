namespace Autopilot.Api.Mcp;

/// <summary>The kinds of values that tools take.</summary>
internal enum ToolValue
{
    Text,
    Id,

    /// <summary>An id, or the name of a cluster.</summary>
    Reference,

    Instant,
    Number,
    Flag,
}
