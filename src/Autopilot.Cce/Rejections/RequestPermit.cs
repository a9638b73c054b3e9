namespace Autopilot.Cce.Rejections;

/// <summary>Leave to send one request.</summary>
internal readonly record struct RequestPermit(int Generation, bool Alone);
