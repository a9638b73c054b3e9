using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Autopilot.Core.Listing;
using Autopilot.Core.Workflows;

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
