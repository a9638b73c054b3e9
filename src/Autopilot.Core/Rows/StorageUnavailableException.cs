namespace Autopilot.Core.Rows;

/// <summary>The store cannot be reached or refuses us. The message carries no secret.</summary>
public sealed class StorageUnavailableException(string message, Exception? innerException = null) : Exception(message, innerException);
