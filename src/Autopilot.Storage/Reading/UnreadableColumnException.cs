using Autopilot.Core.Rows;

namespace Autopilot.Storage.Reading;

/// <summary>
/// A column does not hold what a row of its kind must hold. Becomes the reason of an <see cref="UnreadableRow"/>.
/// </summary>
/// <param name="reason">The end of a sentence that begins with "it", without the column's content.</param>
internal sealed class UnreadableColumnException(string reason) : Exception(reason);
