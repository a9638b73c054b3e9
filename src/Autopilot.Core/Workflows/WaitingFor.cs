namespace Autopilot.Core.Workflows;

/// <summary>What waits for one webhook in one workflow's queue.</summary>
/// <param name="Oldest">When the oldest was observed; null where none waits.</param>
/// <param name="Attempts">Failed attempts with the oldest.</param>
internal readonly record struct WaitingFor(int Count, DateTimeOffset? Oldest, int Attempts);
