namespace Autopilot.Api.Parameters;

/// <summary>The kinds of values that parameters take.</summary>
internal enum ParameterKind
{
    /// <summary>A text of bounded length.</summary>
    Text,

    /// <summary>One of a fixed set of words, in any case.</summary>
    Word,

    /// <summary>An id, by <see cref="Core.Workflows.ResourceId"/>.</summary>
    Id,

    /// <summary>An id, or the name of a cluster, by <see cref="Core.Workflows.ClusterName"/>.</summary>
    Reference,

    /// <summary>An instant as in RFC 3339, or a date.</summary>
    Instant,

    /// <summary>A whole number within bounds.</summary>
    Number,

    /// <summary><c>true</c> or <c>false</c>.</summary>
    Flag,
}
