namespace Autopilot.Core.Tests.Tracking;

/// <summary>Meters are the process's: tests that count what goes over them run while no other does.</summary>
[CollectionDefinition(nameof(ExclusiveCollection), DisableParallelization = true)]
public sealed class ExclusiveCollection;
