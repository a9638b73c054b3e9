using Autopilot.Core.Upstream;

namespace Autopilot.Core.Tracking.Discovery;

/// <summary>One scan that is due.</summary>
/// <param name="RunAsync">Answers the failure that must stop the whole cycle, or null.</param>
internal sealed record DueScan(DateTimeOffset DueAt, Func<CancellationToken, Task<UpstreamException?>> RunAsync);
