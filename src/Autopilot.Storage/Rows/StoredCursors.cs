using Autopilot.Core.Notifications;
using Autopilot.Core.Rows;

namespace Autopilot.Storage.Rows;

/// <summary>How far each webhook is with a queue, as its first row says it.</summary>
internal sealed record StoredCursors(IReadOnlyDictionary<string, DeliveryCursor> Cursors, UnknownContent? Unknown);
