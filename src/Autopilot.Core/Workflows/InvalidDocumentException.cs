namespace Autopilot.Core.Workflows;

/// <summary>A document that cannot be read; the message says why, without quoting it.</summary>
public sealed class InvalidDocumentException(string message) : Exception(message);
