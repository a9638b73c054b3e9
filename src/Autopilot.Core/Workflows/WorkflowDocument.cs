namespace Autopilot.Core.Workflows;

/// <summary>
/// Reads an upgrade workflow as upstream sends it: tolerant of unknown members and values, missing or null arrays, an object where an array
/// is meant, and every timestamp form. The hash is over the canonical form of <c>spec</c> and <c>status</c> only: key order, white space
/// and the order of <c>pointStatuses</c> and <c>lineStatuses</c> do not matter, nor does anything in <c>metadata</c>.
/// </summary>
public static class WorkflowDocument
{
    /// <summary>Reads one document.</summary>
    /// <exception cref="InvalidDocumentException">It is not JSON, not an object, or has neither <c>spec</c> nor <c>status</c>.</exception>
    public static WorkflowObservation Read(ReadOnlyMemory<byte> utf8) => throw new NotImplementedException();

    /// <summary>Reads a list answer: <c>items</c> may be an array, one object, null or absent. Items that cannot be read are left out.</summary>
    /// <exception cref="InvalidDocumentException">It is not JSON or not an object.</exception>
    public static IReadOnlyList<WorkflowObservation> ReadList(ReadOnlyMemory<byte> utf8) => throw new NotImplementedException();
}

/// <summary>One answer from upstream about one workflow.</summary>
/// <param name="State">Normalized.</param>
/// <param name="Hash">Lower-case hex SHA-256 of the canonical form.</param>
/// <param name="Document">UTF-8, as it came.</param>
public sealed record WorkflowObservation(UpgradeWorkflow State, string Hash, ReadOnlyMemory<byte> Document);

/// <summary>A document that cannot be read; the message says why, without quoting it.</summary>
public sealed class InvalidDocumentException(string message) : Exception(message);
