namespace Autopilot.Core.Paging;

/// <summary>A continuation token that was not made by the store, or for another query.</summary>
public sealed class InvalidContinuationTokenException(string message) : Exception(message);
